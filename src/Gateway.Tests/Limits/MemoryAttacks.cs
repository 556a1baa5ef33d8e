using System.Text;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>What clients can send to hold much memory of a proxy with few bytes, or with none after them.</summary>
internal static class MemoryAttacks
{
    private const int Field = 3_880, Fields = 8;

    /// <summary>The newest entry of the table (RFC 7541, section 6.1).</summary>
    private const byte Reference = 0x80 | 62;

    public static TheoryData<string, bool, int, byte[]> Cases => new()
    {
        { "bodies that never come", false, 4_000, SilentBody },
        { "heads that never end", false, 8_000, EndlessHead },
        { "second heads that never end", false, 8_000, EndlessSecondHead },
        { "streams over HTTP/2", true, 60, Streams },
        { "streams over HTTP/2, by reference", true, 60, StreamsByReference },
        { "tiny fields of a second head", false, 8_000, TinyFields },
        { "trailers that never end", false, 3_000, EndlessTrailers },
        { "declared lengths over HTTP/2", true, 4_000, DeclaredLength },
        { "heads over HTTP/2 that never end, by reference", true, 2_000, EndlessReferences },
        { "answers that nobody reads", false, 1_500, UnreadResponse },
    };

    /// <summary>A literal of <see cref="Field"/> bytes that becomes an entry of the table.</summary>
    private static byte[] Entry => [0x40, 3, .. "x-a"u8, 127, 0xA9, 0x1D, .. Enumerable.Repeat((byte)'a', Field)];

    /// <summary>31 kB of fields, complete, with a body that never comes.</summary>
    public static byte[] SilentBody { get; } = Encoding.Latin1.GetBytes(Head("POST /hold", "Content-Length: 1000\r\n") + "\r\n");

    /// <summary>31 kB of fields, and no end of them.</summary>
    public static byte[] EndlessHead { get; } = Encoding.Latin1.GetBytes(Head("POST /hold", "Content-Length: 1000\r\n"));

    /// <summary>A request that is answered, and then a head that never ends.</summary>
    public static byte[] EndlessSecondHead { get; } = [.. "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"u8, .. EndlessHead];

    /// <summary>A hundred streams over HTTP/2, each with 31 kB of fields and a body that never comes.</summary>
    public static byte[] Streams { get; } =
        Http2(Enumerable.Range(0, Fields).Select(i => new KeyValuePair<string, string>($"x-{i}", new string('a', Field))), []);

    /// <summary>The same in seven kilobytes: the first stream puts a field into the table, and each names it eight times.</summary>
    public static byte[] StreamsByReference { get; } = Http2(
        [],
        Entry,
        Enumerable.Repeat(Reference, Fields));

    /// <summary>A request that is answered, and then a head of tiny fields that never ends.</summary>
    public static byte[] TinyFields { get; } =
        [.. "GET /ok HTTP/1.1\r\nHost: h\r\n\r\nPOST /hold HTTP/1.1\r\nHost: h\r\n"u8, .. Encoding.Latin1.GetBytes(
            string.Concat(Enumerable.Range(0, 675).Select(i => $"{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}:c\r\n")))];

    /// <summary>A body without bytes, and 31 kB of trailers that never end.</summary>
    public static byte[] EndlessTrailers { get; } =
        Encoding.Latin1.GetBytes(Head("POST /hold", "Transfer-Encoding: chunked\r\n\r\n0\r\n"));

    /// <summary>The length of a field of 58,000 bytes, and nothing of it.</summary>
    public static byte[] DeclaredLength { get; } =
        [.. Http2Start(), .. new Http2Frame(Http2Frame.Headers, 0, 1, [0x00, 0x7F, 0x91, 0xC4, 0x03]).ToBytes()];

    /// <summary>A head of one stream that names a field of the table 15 times, and does not end.</summary>
    public static byte[] EndlessReferences { get; } =
    [
        .. Http2Start(),
        .. new Http2Frame(Http2Frame.Headers, 0, 1, [.. Entry, .. Enumerable.Repeat(Reference, 15)]).ToBytes(),
    ];

    /// <summary>A large answer that is not read.</summary>
    public static byte[] UnreadResponse { get; } = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();

    private static string Head(string request, string more)
    {
        var fields = Enumerable.Range(0, Fields).Select(i => $"X-{i}: {new string('a', Field)}\r\n");
        return $"{request} HTTP/1.1\r\nHost: h\r\n{more}{string.Concat(fields)}";
    }

    private static byte[] Http2Start() =>
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new Http2Frame(Http2Frame.Settings, 0, 0, []).ToBytes()];

    private static byte[] Http2(IEnumerable<KeyValuePair<string, string>> fields, byte[] first, params IEnumerable<byte> references)
    {
        const int Streams = 100, Fragment = 16_000;
        List<byte> bytes = [.. Http2Start()];
        for (var stream = 1; stream < 2 * Streams; stream += 2)
        {
            var literals = Hpack.Encode(new Http2Request("POST", "/hold", [.. fields]).AllFields);
            byte[] block = [.. literals, .. stream == 1 ? first : [], .. references];
            var parts = block.Chunk(Fragment).ToArray();
            for (var i = 0; i < parts.Length; i++)
            {
                var flags = i == parts.Length - 1 ? Http2Frame.EndHeaders : (byte)0;
                bytes.AddRange(new Http2Frame(i == 0 ? Http2Frame.Headers : Http2Frame.Continuation, flags, stream, parts[i]).ToBytes());
            }
        }

        return [.. bytes];
    }
}
