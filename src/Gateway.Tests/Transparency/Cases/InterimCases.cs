using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Answers of 1xx in front of every kind of final one.</summary>
internal static class InterimCases
{
    private const string Hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>; rel=preload\r\n\r\n";

    private static readonly (string Name, string Answer)[] Interims =
    [
        ("102", "HTTP/1.1 102 Processing\r\n\r\n"),
        ("103", Hints),
        ("103 twice", Hints + Hints),
        ("102 and 103", "HTTP/1.1 102 Processing\r\n\r\n" + Hints),
        ("103 of HTTP/1.1 without a reason", "HTTP/1.1 103 \r\nLink: </a>\r\n\r\n"),
        ("an unknown 199", "HTTP/1.1 199 Something\r\nX-A: b\r\n\r\n"),
    ];

    private static readonly string[] Finals =
    [
        "200 OK\r\nContent-Length: 2\r\n\r\nok", "201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "204 No Content\r\n\r\n",
        "206 Partial Content\r\nContent-Range: bytes 0-1/10\r\nContent-Length: 2\r\n\r\nok",
        "302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n",
        "304 Not Modified\r\nETag: \"x\"\r\n\r\n", "401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        "404 Not Found\r\nContent-Length: 2\r\n\r\nno", "413 Content Too Large\r\nContent-Length: 0\r\n\r\n",
        "500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno",
        "503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    ];

    public static IEnumerable<Case> All() => Interims.SelectMany(interim => Finals.SelectMany(final =>
    {
        var name = $"{interim.Name} before {final[..3]}";
        var status = final[..(final.IndexOf('\r', StringComparison.Ordinal) + 2)];
        var answer = $"{interim.Answer}HTTP/1.1 {status}{Case.Date}{final[status.Length..]}";
        return new[]
        {
            Case.Http11(name) with { Answer = answer },
            Case.Http11($"{name} to a body", "POST", fields: "Content-Length: 4\r\n", body: "body") with { Answer = answer },
            Case.Http2(name) with { Answer = answer },
            Case.Http2($"{name} to a body", "POST", body: "body") with { Answer = answer },
        };
    }));
}
