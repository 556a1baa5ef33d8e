using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

internal static class ResponseBodyCases
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static readonly string EveryByte = string.Concat(Enumerable.Range(0, 256).Select(code => (char)code));

    private static readonly int[] Lengths = [0, 1, 255, 256, 4095, 4096, 4097, 16_384, 65_535, 65_536, 200_000];

    public static IEnumerable<Case> All() =>
    [
        .. Lengths.SelectMany<int, Case>(length =>
        [
            .. Both($"{length} bytes", $"Content-Length: {length}\r\n", new string('x', length)),
            .. Both($"{length} bytes in a chunk", Chunked, length == 0 ? "0\r\n\r\n" : Case.Chunks(new string('x', length))),
            Case.Http11($"{length} bytes to the end of the connection") with { Answer =
                Answer("", new string('x', length)), BackendCloses = true },
        ]),
        .. Both("every byte", "Content-Length: 256\r\n", EveryByte),
        .. Both("every byte in a chunk", Chunked, Case.Chunks(EveryByte)),
        .. Both("chunks of one byte", Chunked, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"),
        .. Both("a chunk extension", Chunked, "1;a=b\r\na\r\n0;c\r\n\r\n"),
        .. Both("trailers", Chunked + "Trailer: x-sum, x-two\r\n", "3\r\nabc\r\n0\r\nx-sum: 1\r\nx-two: 2\r\n\r\n"),
        .. Both("trailers that were not announced", Chunked, "3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"),
        .. Both("gzip, not touched", "Content-Encoding: gzip\r\nContent-Length: 3\r\n", "\u001f\u008b\u0008"),
        .. Both(
            "an event stream",
            "Content-Type: text/event-stream\r\nCache-Control: no-cache\r\n" + Chunked,
            Case.Chunks("data: 1\n\ndata: 2\n\n")),
        .. Both("connection: close", "Connection: close\r\nContent-Length: 2\r\n", "ok"),
        Case.Http11("HTTP/1.0 with a length") with { Answer =
            Answer("Content-Length: 2\r\n", "ok").Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), BackendCloses = true },
        Case.Http11("HTTP/1.0 to the end of the connection") with { Answer =
            Answer("", "ok").Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), BackendCloses = true },
    ];

    private static Case[] Both(string name, string fields, string body) =>
        [Case.Http11(name) with { Answer = Answer(fields, body) }, Case.Http2(name) with { Answer = Answer(fields, body) }];

    private static string Answer(string fields, string body) => $"HTTP/1.1 200 OK\r\n{Case.Date}{fields}\r\n{body}";
}
