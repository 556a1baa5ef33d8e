using System.Text;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Valid responses, to be mutated.</summary>
internal static class ResponseInputs
{
    public static readonly IReadOnlyList<byte[]> Good =
    [
        .. new[]
        {
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1 ;x\r\nb\r\n0001\r\nc\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 12\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200\r\nConnection: keep-alive, x\r\nKeep-Alive: timeout=5, max=10\r\n"
                + "X-Folded: a\r\n b\r\n\tc\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
            "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
            "HTTP/1.1 500 \u00c4rger\r\nX-\u00fc: \u00e4\r\nContent-Length: 0\r\n\r\n",
            // Chunks alone: whatever stands before is no head.
            "5\r\nhello\r\n0\r\nA: 1\r\nB: 2\r\n\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    /// <summary>The same input makes the same numbers, so that it fails again.</summary>
    public static Random RandomFor(byte[] input) => new(input.Aggregate(17, (sum, one) => unchecked((sum * 31) + one)));

    /// <summary>Positions in ascending order, of which the last is the end.</summary>
    public static int[] Splits(int length, int pieces, Random random) =>
        [.. Enumerable.Range(1, pieces - 1).Select(_ => random.Next(0, length + 1)).Order(), length];
}
