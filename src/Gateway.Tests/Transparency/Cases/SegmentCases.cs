using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>The same answers however the network cuts them.</summary>
internal static class SegmentCases
{
    private const string Head = $"HTTP/1.1 200 OK\r\n{Case.Date}";
    private const string Chunked = $"{Head}Transfer-Encoding: chunked\r\n\r\n";

    private static readonly Case[] Answers =
    [
        Case.Http11("a length") with { Answer = $"{Head}Content-Length: 7\r\nX-A: b\r\n\r\nbackend" },
        Case.Http11("chunks") with { Answer = $"{Chunked}4;x=\"y\"\r\nback\r\n03\r\nend\r\n0\r\n\r\n" },
        Case.Http2("chunks with trailers") with { Answer = $"{Chunked}7\r\nbackend\r\n0\r\nx-sum: 1\r\n\r\n" },
        Case.Http2("a length") with { Answer = $"{Head}Content-Length: 7\r\n\r\nbackend" },
        Case.Http11("an interim answer") with
        {
            Answer = $"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\n{Case.Date}Content-Length: 2\r\n\r\nno",
        },
        Case.Http11("the end of the connection") with { Answer = $"{Head}X-A: b\r\n\r\nbackend", BackendCloses = true },
        Case.Http11("HEAD", "HEAD") with { Answer = $"{Head}Content-Length: 12345\r\n\r\n" },
        Case.Http11("204") with { Answer = $"HTTP/1.1 204 No Content\r\n{Case.Date}X-A: b\r\n\r\n" },
        Case.Http11("304") with { Answer = $"HTTP/1.1 304 Not Modified\r\n{Case.Date}ETag: \"x\"\r\nContent-Length: 7\r\n\r\n" },
        Case.Http11("POST", "POST", fields: "Content-Length: 4\r\n", body: "body") with { Answer = $"{Head}Content-Length: 0\r\n\r\n" },
    ];

    private static readonly int[] SegmentLengths = [1, 2, 3, 5, 7, 11, 16, 24];

    public static IEnumerable<Case> CutInTwo() => Answers.SelectMany(one =>
        Enumerable.Range(1, one.Answer.Length - 1).Select(cut => one with { Name = $"{one.Name}, cut at {cut}", Cuts = [cut] }));

    public static IEnumerable<Case> CutInMany() => Answers.SelectMany(one => SegmentLengths.Select(length =>
        one with
        {
            Name = $"{one.Name}, in segments of {length}",
            Cuts = [.. Enumerable.Range(1, (one.Answer.Length - 1) / length).Select(number => number * length)],
        }));
}
