using FathomGateway.Tests.Transparency.Differential;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Field lines of requests.</summary>
internal static class RequestFieldCases
{
    /// <summary>What a name can be made of besides letters and digits (RFC 9110, section 5.6.2).</summary>
    public const string Marks = "!#$%&'*+-.^_`|~";

    /// <summary>What no name can be made of. HTTP/1.1 reads some of it as the end of a name, a line or a head.</summary>
    private static readonly string[] NoNames =
    [
        "x: y\r\nz", "x: y\r\ncontent-length: 3\r\nz", "x: y\r\n\r\nget /b http/1.1\r\nz", "x\rz", "x\nz", "x\0z", "x\u0001z", "x\tz",
        "x\u007fz", "x z", " x", "\tx", "x ", "content-length ", "transfer-encoding\t", "x:", "x:z", "x\"z", "x(z", "x,z", "x/z",
        "x[z", "x\\z", "x{z",
    ];

    private static readonly string[] Fields =
    [
        "traceparent: 00-11111111111111111111111111111111-2222222222222222-01", "tracestate: a=b,c=d", "baggage: a=b,c=d",
        "correlation-context: a=b", "request-id: |x.",
        "x-forwarded-for: 1.2.3.4, 5.6.7.8", "x-forwarded-host: h", "x-forwarded-proto: ftp", "x-forwarded-prefix: /p",
        "x-forwarded-port: 1", "x-real-ip: 1.2.3.4", "forwarded: for=1.2.3.4;host=h",
        "upgrade-insecure-requests: 1", "via: 1.1 proxy, 2 other (comment)", "dnt: 1", "sec-gpc: 1", "sec-fetch-mode: navigate",
        "sec-ch-ua: \"A\";v=\"1\", \"B\";v=\"2\"",
        "origin: null", "origin: https://app.example.test", "referer: /%zz|", "user-agent: a/1 (b; c) d", "user-agent:",
        "user-agent: ()", "accept: */*;q=0.8, text/html", "accept-encoding: br;q=1, gzip , *;q=0",
        "accept-language: *", "accept-charset: utf-8", "authorization: Bearer a.b.c", "authorization: x y  z", "cookie: a=b; c=\"d\"; e",
        "cookie: ;;=", "if-none-match: \"a\", W/\"b\", c", "if-match: *",
        "if-modified-since: never", "if-range: \"x\"", "range: bytes=0-1,5-", "range: lines=1", "cache-control: no-cache, x=\"y\"",
        "pragma: no-cache", "max-forwards: 0", "date: yesterday",
        "expect: something", "prefer: respond-async", "priority: u=1, i", "content-type: application/json", "content-encoding: x",
        "content-language: de", "content-md5: x", "expires: 0", "last-modified: x", "allow: GET",
        "proxy-authorization: Basic eA==", "alt-svc: h2=\":443\"", "early-data: 1", "alt-used: h", "x-http-method-override: PUT",
        "x-original-url: /other", "x-rewrite-url: /other", "x-content-length: 5",
        "cf-connecting-ip: 1.2.3.4", "cdn-loop: x", "true-client-ip: 1.2.3.4", "x-empty:", "x-inner: a  b\tc", "x-quoted: \"a, b\"",
        "x-list: a,b,,c", "x-utf8: caf\u00c3\u00a9", "x-latin: caf\u00e9",
    ];

    private static readonly string[] OfHttp11 =
    [
        "Connection: keep-alive", "Connection: close", "Connection: close, X-Secret\r\nX-Secret: 1", "Connection: Cookie\r\nCookie: a=b",
        "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: trailers", "TE: gzip, trailers",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Upgrade: other/1\r\nConnection: upgrade", "Trailer: X-T", "x-REQUEST-id: 1", "X-Request-ID: 1", "ACCEPT: a", "eTag: x",
        "X-Twice: 1\r\nX-Twice: 2", "X-Twice: 1\r\nX-Other: o\r\nx-twice: 2", "Accept: a\r\nAccept: b", "Cookie: a=1\r\nCookie: b=2",
        "User-Agent: a\r\nUser-Agent: b", "Authorization: A\r\nAuthorization: B", "Via: 1.1 a\r\nVia: 1.1 b",
        "Content-Type: a/b\r\nContent-Type: c/d", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2", "Host: other.example.test",
        "X-Tab:\ta\t", "X-Spaces:    a   ", "Alpn: x", "Close: x", "Proxy-Authenticate: x", "Proxy-Features: x",
        "Security-Scheme: x", "Content-Length: 0", "Proxy-Instruction: x", "Proxy-Authentication-Info: x", "X-Nothing:\r\nX-Nothing:",
        "Z: 1\r\nY: 2\r\nAccept: 3\r\nA: 4",
    ];

    public static IEnumerable<Case> EveryByte() => Enumerable.Range(0x20, 0xE0).SelectMany(code => new[]
    {
        Case.Http11($"field value with 0x{code:x2}", fields: $"X-Value: a{(char)code}b\r\n"),
        Case.Http2($"field value with 0x{code:x2}", fields: $"x-value: a{(char)code}b\r\n"),
    });

    public static IEnumerable<Case> Names() => Marks.SelectMany(mark => new[]
    {
        Case.Http11($"field name with {mark}", fields: $"X{mark}Name9: v\r\n"),
        Case.Http11($"field name that begins with {mark}", fields: $"{mark}: v\r\n"),
        Case.Http2($"field name with {mark}", fields: $"x{mark}name9: v\r\n"),
    }).Concat(NoNames.SelectMany(NotForwarded)).Append(Case.Http11("field name with (", fields: "X(Name: v\r\n"));

    /// <summary>Whether a name is one (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || Marks.Contains(letter, StringComparison.Ordinal));

    /// <summary>In a head it is refused; as a trailer it is left out.</summary>
    private static IEnumerable<Case> NotForwarded(string name)
    {
        yield return Case.Http11($"field name {name}, HTTP/2") with { OverHttp2 = new Http2Request("GET", "/", [new(name, "v")]) };
        var whole = Case.Http2($"trailer name {name}", "POST", body: "body");
        yield return whole with { OverHttp2 = whole.OverHttp2! with { Trailers = [new(name, "v")] } };
    }

    public static IEnumerable<Case> KnownPitfalls() =>
    [
        .. Fields.Select(line => Case.Http11($"field {line}", fields: $"{line}\r\n")),
        .. Fields.Select(line => Case.Http2($"field {line}", fields: $"{line}\r\n")),
        .. OfHttp11.Select(line => Case.Http11($"field {line}", fields: $"{line}\r\n")),
        .. Fields.Select(line => Case.Http11($"field {line} with a body", "POST", fields: $"{line}\r\nContent-Length: 1\r\n", body: "x")),
        Case.Http11("999 fields", fields: string.Concat(Enumerable.Range(0, 999).Select(i => $"X-{i}: {i}\r\n"))),
        Case.Http2("900 fields", fields: string.Concat(Enumerable.Range(0, 900).Select(i => $"x-{i}: {i}\r\n"))),
        Case.Http11("a field of 15 kB", fields: $"Cookie: {new string('c', 15_000)}\r\n"),
        Case.Http2("te: trailers", fields: "te: trailers\r\n"),
        Case.Http2("a body's length", "POST", fields: "content-length: 4\r\n", body: "body"),
        new("no Host", "GET / HTTP/1.1\r\n\r\n"),
        new("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        new("a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        new("an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    ];
}
