using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Several lines of one name, which stay as many (RFC 9110, section 5.3, allows to join them; a backend may tell).</summary>
internal static class RepeatedFieldCases
{
    private static readonly string[] OfRequests =
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Encoding",
        "Content-Language", "Content-Type", "Date", "DNT", "Early-Data", "ETag",
        "Forwarded", "From", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Link", "Origin", "Pragma", "Prefer", "Priority",
        "Range", "Referer", "Sec-Fetch-Mode", "User-Agent", "Via", "Warning",
        "X-Custom", "X-Forwarded-For", "X-Forwarded-Host", "X-Request-Id", "traceparent", "tracestate", "baggage",
    ];

    private static readonly string[] OfResponses =
    [
        "Accept-Ranges", "Access-Control-Allow-Origin", "Age", "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding",
        "Content-Language", "Content-Location", "Content-Security-Policy", "Content-Type",
        "ETag", "Expires", "Last-Modified", "Link", "Location", "Pragma", "Proxy-Authenticate", "Retry-After", "Server", "Server-Timing",
        "Set-Cookie", "Strict-Transport-Security", "Vary", "Via", "WWW-Authenticate",
        "Warning", "X-Custom", "X-Powered-By",
    ];

    private static readonly string[][] Values = [["a", "b"], ["a, b", "c"], ["a", "", "a"], ["\"a, b\"", "c; d=e"], ["a", "b", "c", "d"]];

    public static IEnumerable<Case> All() =>
    [
        .. OfRequests.SelectMany(name => Values.SelectMany(values => new[]
        {
            Case.Http11($"{values.Length} lines of {name}", fields: Lines(name, values)),
            Case.Http2($"{values.Length} lines of {name}", fields: Lines(name.ToLowerInvariant(), values)),
        })),
        .. Values.Select(values => Case.Http11($"{values.Length} lines of Cookie", fields: Lines("Cookie", values))),
        .. Values.Select(values => Case.Http2($"{values.Length} lines of Cookie", fields: Lines("cookie", values))),
        .. OfResponses.SelectMany(name => Values.SelectMany(values => new[]
        {
            Case.Http11($"{values.Length} lines of {name} in the answer") with { Answer = Answer(name, values) },
            Case.Http2($"{values.Length} lines of {name} in the answer") with { Answer = Answer(name, values) },
        })),
    ];

    private static string Lines(string name, string[] values) =>
        string.Concat(values.Select((value, number) => $"{name}: {value}\r\nx-{number}: x\r\n"));

    private static string Answer(string name, string[] values) =>
        $"HTTP/1.1 200 OK\r\n{Case.Date}{Lines(name, values)}Content-Length: 2\r\n\r\nok";
}
