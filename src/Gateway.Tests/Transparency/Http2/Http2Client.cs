using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace FathomGateway.Tests.Transparency.Http2;

/// <summary>Speaks cleartext HTTP/2 frame by frame: for the bytes that HttpClient would refuse or tidy up. One stream at a time.</summary>
internal sealed class Http2Client : IAsyncDisposable
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(20);

    // HEADER_TABLE_SIZE 0, ENABLE_PUSH 0, INITIAL_WINDOW_SIZE 16 MB: nothing to keep in step with the server.
    private static readonly byte[] Settings = [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0];

    private readonly TcpClient _client = new() { NoDelay = true };
    private int _lastStream = -1;

    private NetworkStream Stream => _client.GetStream();

    public static async Task<Http2Client> ConnectAsync(Uri address)
    {
        var client = new Http2Client();
        await client._client.ConnectAsync(address.Host, address.Port);
        await client.Stream.WriteAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        await client.SendAsync(new Http2Frame(Http2Frame.Settings, 0, 0, Settings));
        await client.SendAsync(new Http2Frame(Http2Frame.WindowUpdate, 0, 0, [1, 0, 0, 0]));
        return client;
    }

    public async Task SendAsync(Http2Frame frame) => await Stream.WriteAsync(frame.ToBytes());

    public async Task<Http2Response> ExchangeAsync(Http2Request request)
    {
        var stream = await SendAsync(request);
        return await ReadResponseAsync(stream);
    }

    /// <summary>Sends a whole request on a new stream.</summary>
    /// <param name="fragment">Bytes of the field block in one frame; the rest follows in CONTINUATION frames.</param>
    public async Task<int> SendAsync(Http2Request request, int fragment = 16_000)
    {
        var stream = _lastStream += 2;
        var hasBody = request.Body.Length > 0 || request.Trailers.Count > 0;
        await SendFieldsAsync(stream, request.AllFields, hasBody ? (byte)0 : Http2Frame.EndStream, fragment);
        if (!hasBody) return stream;
        var ends = request.Trailers.Count == 0 ? Http2Frame.EndStream : (byte)0;
        await SendAsync(new Http2Frame(Http2Frame.Data, ends, stream, Encoding.Latin1.GetBytes(request.Body)));
        if (request.Trailers.Count > 0) await SendFieldsAsync(stream, request.Trailers, Http2Frame.EndStream, fragment);
        return stream;
    }

    public async Task<Http2Response> ReadResponseAsync(int stream)
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        var response = new Http2Response();
        var block = new List<byte>();
        while (await Http2Frame.ReadAsync(Stream, limit.Token) is { } frame)
        {
            if (frame is { Type: Http2Frame.Settings, Flags: 0 })
                await SendAsync(new Http2Frame(Http2Frame.Settings, Http2Frame.Acknowledged, 0, []));
            if (frame.Type == Http2Frame.GoAway) response.ResetBy = BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4));
            if (response.ResetBy is not null) return response;
            if (frame.Stream != stream) continue;
            if (frame.Type == Http2Frame.Reset) response.ResetBy = BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
            if (frame.Type == Http2Frame.Data) response.AddBody(frame.Payload);
            if (frame.Type is Http2Frame.Headers or Http2Frame.Continuation)
            {
                block.AddRange(frame.Payload);
                if ((frame.Flags & Http2Frame.EndHeaders) != 0) response.AddFields(Hpack.Decode(block.ToArray()));
                if ((frame.Flags & Http2Frame.EndHeaders) != 0) block.Clear();
            }

            var ended = frame.Type is Http2Frame.Data or Http2Frame.Headers && (frame.Flags & Http2Frame.EndStream) != 0;
            if (ended || response.ResetBy is not null) return response;
        }

        throw new EndOfStreamException("The server closed the connection before the stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendFieldsAsync(int stream, IEnumerable<KeyValuePair<string, string>> fields, byte flags, int fragment)
    {
        var parts = Hpack.Encode(fields).Chunk(fragment).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            var last = i == parts.Length - 1 ? Http2Frame.EndHeaders : (byte)0;
            await SendAsync(new Http2Frame(
                i == 0 ? Http2Frame.Headers : Http2Frame.Continuation, (byte)(last | (i == 0 ? flags : 0)), stream, parts[i]));
        }
    }
}
