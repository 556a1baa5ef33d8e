using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Names of fields in all cases of letters.</summary>
internal static class SpellingCases
{
    private static readonly string[] OfRequests =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Cookie", "Content-Type", "Date", "From",
        "If-Match", "If-None-Match", "Max-Forwards", "Origin", "Pragma", "Proxy-Authorization",
        "Range", "Referer", "User-Agent", "Via", "X-Custom", "X-Forwarded-For", "X-Requested-With", "Access-Control-Request-Method",
        "Sec-Fetch-Site", "traceparent",
    ];

    private static readonly string[] OfResponses =
    [
        "Accept-Ranges", "Age", "Allow", "Cache-Control", "Content-Encoding", "Content-Type", "ETag", "Expires", "Last-Modified",
        "Location", "Server", "Set-Cookie", "Vary", "Via", "WWW-Authenticate", "X-Custom",
        "Access-Control-Allow-Origin", "Strict-Transport-Security", "Retry-After", "P3P", "Content-MD5",
    ];

    public static IEnumerable<Case> All() =>
    [
        .. OfRequests.SelectMany(Spelled).Select(name => Case.Http11($"request field {name}", fields: $"{name}: a\r\n")),
        .. OfResponses.SelectMany(Spelled).SelectMany(name => new[]
        {
            Case.Http11($"response field {name}") with { Answer = Answer($"{name}: a", "Content-Length") },
            Case.Http2($"response field {name}") with { Answer = Answer($"{name}: a", "Content-Length") },
        }),
        .. Spelled("Content-Length").Select(name => Case.Http11($"{name}") with { Answer = Answer("X-A: b", name) }),
        .. Spelled("Content-Length").Select(name => Case.Http11($"request of a {name}", "POST", fields: $"{name}: 4\r\n", body: "body")),
        .. Spelled("Transfer-Encoding").SelectMany(name => Spelled("chunked").Select(coding =>
            Case.Http11($"{name}: {coding}") with
            {
                Answer = $"HTTP/1.1 200 OK\r\n{Case.Date}{name}: {coding}\r\n\r\n{Case.Chunks("ok")}",
            })),
        .. Spelled("Connection").SelectMany(name => Spelled("close").Select(option =>
            Case.Http11($"{name}: {option}") with { Answer = Answer($"{name}: {option}", "Content-Length") })),
    ];

    private static string Answer(string line, string length) => $"HTTP/1.1 200 OK\r\n{Case.Date}{line}\r\n{length}: 2\r\n\r\nok";

    private static IEnumerable<string> Spelled(string name) =>
    [
        name, name.ToLowerInvariant(), name.ToUpperInvariant(),
        string.Concat(name.Select((c, i) => i % 2 == 0 ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
    ];
}
