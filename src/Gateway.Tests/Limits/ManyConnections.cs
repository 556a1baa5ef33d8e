using System.Net;
using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Limits;

/// <summary>Many connections that each send the same bytes, and then hold on: the gateway's answers stay unread in their sockets.</summary>
internal sealed class ManyConnections : IDisposable
{
    private const int Field = 3_880, Fields = 8;

    /// <summary>Near to 64 kB, where the server itself refuses a head.</summary>
    private const int MaxFields = 16;

    private readonly List<Socket> _sockets = [];

    /// <summary>31 kB of fields, complete, with a body that never comes.</summary>
    public static byte[] SilentBody { get; } = Encoding.Latin1.GetBytes(Head("POST /hold", "Content-Length: 1000\r\n") + "\r\n");

    /// <summary>31 kB of fields, and no end of them.</summary>
    public static byte[] EndlessHead { get; } = Encoding.Latin1.GetBytes(Head("POST /hold", "Content-Length: 1000\r\n"));

    /// <summary>A request that is answered, and then a head that never ends.</summary>
    public static byte[] EndlessSecondHead { get; } = [.. "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"u8, .. EndlessHead];

    /// <summary>62 kB of fields, and no end of them.</summary>
    public static byte[] LargestHead { get; } = Encoding.Latin1.GetBytes(Head("POST /hold", "Content-Length: 1000\r\n", MaxFields));

    /// <summary>A request that is answered, and then the largest head that never ends.</summary>
    public static byte[] LargestSecondHead { get; } = [.. "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"u8, .. LargestHead];

    /// <summary>A hundred streams over HTTP/2, each with 31 kB of fields and a body that never comes.</summary>
    public static byte[] Streams { get; } =
        Http2(Enumerable.Range(0, Fields).Select(i => new KeyValuePair<string, string>($"x-{i}", new string('a', Field))), []);

    /// <summary>The same in seven kilobytes: the first stream puts a field into the table, and each names it eight times.</summary>
    public static byte[] StreamsByReference { get; } = Http2(
        [],
        [0x40, 3, .. "x-a"u8, 127, 0xA9, 0x1D, .. Enumerable.Repeat((byte)'a', Field)],
        Enumerable.Repeat((byte)(0x80 | 62), Fields));

    /// <summary>A large answer that is not read.</summary>
    public static byte[] UnreadResponse { get; } = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();

    /// <summary>Connects and sends one after the other. Refused connections are ignored.</summary>
    public async Task OpenAsync(Uri address, int connections, byte[] bytes)
    {
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
            _sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                await socket.SendAsync(bytes);
            }
            catch (SocketException)
            {
                // Refused, or closed while it was sending.
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _sockets.Clear();
    }

    private static string Head(string request, string more, int count = Fields)
    {
        var fields = Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', Field)}\r\n");
        return $"{request} HTTP/1.1\r\nHost: h\r\n{more}{string.Concat(fields)}";
    }

    private static byte[] Http2(IEnumerable<KeyValuePair<string, string>> fields, byte[] first, params IEnumerable<byte> references)
    {
        const int Streams = 100, Fragment = 16_000;
        var bytes = new List<byte>([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new Http2Frame(Http2Frame.Settings, 0, 0, []).ToBytes()]);
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
