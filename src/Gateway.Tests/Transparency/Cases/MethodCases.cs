using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

internal static class MethodCases
{
    private static readonly string[] Methods =
        [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "LOCK",
            "REPORT", "SEARCH", "PURGE", "LINK", "M-SEARCH", "X", "X_Y.Z!", "GETX"
        ];

    private static readonly string[] WithSmallLetters = ["get", "Get", "pOsT", "Patch", "delete", "propfind", "custom", "Query"];

    public static IEnumerable<Case> All() =>
    [
        .. Methods.SelectMany(method => new[]
        {
            Case.Http11($"{method} without a body", method),
            Case.Http11($"{method} with a body", method, fields: "Content-Length: 4\r\n", body: "body"),
            Case.Http11($"{method} with an empty body", method, fields: "Content-Length: 0\r\n"),
            Case.Http11($"{method} with a chunked body", method, fields: "Transfer-Encoding: chunked\r\n", body: Case.Chunks("body")),
            Case.Http2($"{method} without a body", method),
            Case.Http2($"{method} with a body", method, body: "body"),
        }),
        .. WithSmallLetters.SelectMany(method => new[] { Case.Http11($"method {method}", method), Case.Http2($"method {method}", method) }),
        Case.Http11("HEAD", "HEAD") with { Answer = "HTTP/1.1 200 OK\r\n" + Case.Date + "Content-Length: 12345\r\nETag: \"x\"\r\n\r\n" },
        Case.Http11("HEAD of chunks", "HEAD") with { Answer = "HTTP/1.1 200 OK\r\n" + Case.Date + "Transfer-Encoding: chunked\r\n\r\n" },
        Case.Http11("HEAD without a length", "HEAD") with { Answer = "HTTP/1.1 200 OK\r\n" + Case.Date + "\r\n" },
        Case.Http2("HEAD", "HEAD") with { Answer = "HTTP/1.1 200 OK\r\n" + Case.Date + "Content-Length: 12345\r\n\r\n" },
    ];
}
