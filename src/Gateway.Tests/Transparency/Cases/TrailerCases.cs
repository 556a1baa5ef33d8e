using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Fields behind the bodies of both directions.</summary>
internal static class TrailerCases
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static readonly string[] Trailers =
    [
        "x-sum: 1\r\n", "x-sum: 1\r\nx-two: 2\r\n", "x-two: a\r\nx-sum: 1\r\nx-two: b\r\n", "x-sum:\r\n", "x-sum: a  b\tc\r\n",
        "x-sum: caf\u00e9\r\n",
        "grpc-status: 0\r\ngrpc-message: ok\r\n", "digest: sha-256=x\r\n", "server-timing: a;dur=1\r\n", "etag: \"x\"\r\n",
        "expires: 0\r\n",
        $"x-big: {new string('b', 8000)}\r\n", string.Concat(Enumerable.Range(0, 100).Select(number => $"x-{number}: {number}\r\n")),
    ];

    private static readonly string[] Bodies = ["", "3\r\nabc\r\n", "1\r\na\r\n2\r\nbc\r\n"];

    public static IEnumerable<Case> All() =>
        Trailers.SelectMany(trailers =>
            Bodies.SelectMany(body => Both(trailers, body, announced: true).Concat(Both(trailers, body, announced: false))));

    private static IEnumerable<Case> Both(string trailers, string body, bool announced)
    {
        var names = trailers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]).Distinct();
        var announcement = announced ? $"Trailer: {string.Join(", ", names)}\r\n" : "";
        var name = $"{body.Length} bytes and {trailers.Length} of trailers, announced {announced}";
        var answer = $"HTTP/1.1 200 OK\r\n{Case.Date}{Chunked}{announcement}\r\n{body}0\r\n{trailers}\r\n";
        return
        [
            Case.Http11($"request of {name}", "POST", fields: Chunked + announcement, body: $"{body}0\r\n{trailers}\r\n"),
            Case.Http11($"answer of {name}") with { Answer = answer },
            Case.Http2($"answer of {name}") with { Answer = answer },
        ];
    }
}
