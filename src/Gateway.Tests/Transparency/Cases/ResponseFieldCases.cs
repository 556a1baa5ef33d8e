using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Field lines of responses.</summary>
internal static class ResponseFieldCases
{
    private static readonly string[] Fields =
    [
        "Server: Apache/2 (x)", "Server:", "Via: 1.1 backend", "X-Powered-By: Express",
        "Set-Cookie: a=b; Path=/; HttpOnly\r\nSet-Cookie: c=d; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "Set-Cookie: =;;",
        "Vary: Origin\r\nVary: Accept", "Vary: *", "WWW-Authenticate: Basic realm=\"a, b\"\r\nWWW-Authenticate: Bearer",
        "Location: /a/../b%2F|", "Location: https://other.example.test/\u00e9", "Content-Location: x",
        "ETag: W/\"x\"", "ETag: unquoted", "Last-Modified: yesterday", "Expires: 0", "Expires: -1",
        "Cache-Control: no-store, max-age=0, x=\"y, z\"", "Cache-Control: a\r\nCache-Control: b", "Age: 1", "Pragma: no-cache",
        "Content-Encoding: gzip", "Content-Encoding: identity", "Content-Language: de, en",
        "Content-Disposition: attachment; filename=\"caf\u00e9.txt\"; filename*=UTF-8''caf%C3%A9.txt",
        "Content-Security-Policy: default-src 'self'; x",
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Origin: https://app.example.test\r\nAccess-Control-Allow-Credentials: true",
        "Access-Control-Expose-Headers: a, b", "Strict-Transport-Security: max-age=1",
        "Alt-Svc: h3=\":443\"", "Keep-Alive: timeout=5", "Connection: keep-alive", "Proxy-Connection: x", "Upgrade: h2c",
        "Proxy-Authenticate: Basic", "Proxy-Authentication-Info: x", "Retry-After: 5", "Retry-After: soon", "RateLimit-Limit: 10",
        "Link: </a>; rel=x, </b>; rel=y", "Link: </a>\r\nLink: </b>", "Accept-Ranges: bytes", "Allow: GET, POST", "Allow:",
        "Refresh: 0; url=/x", "Trailer: X-T", "Warning: 199 a \"b\"", "P3P: CP=\"x\"", "NEL: {\"a\":1}",
        "Report-To: {}\r\nReport-To: {}",
        "Timing-Allow-Origin: *", "Server-Timing: a;dur=1", "traceparent: 00-1-2-3", "X-Request-Id: 1", "x-request-id: 1",
        "X-Forwarded-For: x", "X-Gateway-Error: the backend's own", "X-Empty:", "X-Utf8: \u00c3\u00a9", "X-Tab: a\tb", "X-Inner: a   b",
        "X-Twice: 1\r\nX-Twice: 2", "X-Twice: 1\r\nX-Other: o\r\nx-twice: 2", "content-TYPE: text/html",
        "Content-Type: text/html;charset=\"utf-8\"", "Content-Type: nonsense", "Content-Type:", "Content-Type: a/b\r\nContent-Type: c/d",
        "Content-MD5: x",
        "Clear-Site-Data: \"*\"", "Sec-WebSocket-Accept: x", "HTTP2-Settings: x", "TE: x", "Transfer-Encoding-X: chunked", "Close: x",
        "Alpn: x", "Security-Scheme: x", "Z: 1\r\nAge: 2\r\nA: 3\r\nServer: 4",
    ];

    public static IEnumerable<Case> EveryByte() =>
        Enumerable.Range(0x20, 0xE0).SelectMany(code => Both($"value with 0x{code:x2}", $"X-Value: a{(char)code}b"));

    public static IEnumerable<Case> Names() => RequestFieldCases.Marks.SelectMany(
        mark => Both($"name with {mark}", $"X{mark}Name9: v").Concat(Both($"name that begins with {mark}", $"{mark}: v")));

    public static IEnumerable<Case> KnownPitfalls() =>
    [
        .. Fields.SelectMany(line => Both(line, line)),
        Case.Http11("no Date") with { Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" },
        Case.Http11("a Date that is none") with { Answer = "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 2\r\n\r\nok" },
        .. Both("a field of 60 kB", $"X-Big: {new string('b', 60_000)}"),
        .. Both("1,500 fields", string.Join("\r\n", Enumerable.Range(0, 1500).Select(i => $"X-{i}: {i}"))),
    ];

    private static IEnumerable<Case> Both(string name, string lines)
    {
        var answer = $"HTTP/1.1 200 OK\r\n{Case.Date}{lines}\r\nContent-Length: 2\r\n\r\nok";
        return [Case.Http11($"response field {name}") with
        {
            Answer = answer
        }, Case.Http2($"response field {name}") with { Answer = answer }];
    }
}
