using System.Globalization;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>Reads HTTP/1.1 messages from a stream and keeps their exact bytes. RFC 9112 section 6.3 tells where a body ends.</summary>
internal sealed class WireReader(Stream stream)
{
    private readonly WireBuffer _buffer = new(stream);

    /// <summary>The next head, or null where the peer has closed in good order between two messages.</summary>
    public async Task<WireHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        if (await _buffer.TakeByteAsync(cancellation) is not { } first)
        {
            return null;
        }

        var bytes = new List<byte> { first };
        while (bytes is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            bytes.AddRange(await _buffer.TakeLineAsync(cancellation));
        }

        return new WireHead([.. bytes]);
    }

    /// <summary>The body of a request: absent where neither length nor chunks are declared.</summary>
    public Task<WireMessage> ReadRequestBodyAsync(WireHead head, CancellationToken cancellation) =>
        ReadBodyAsync(head, otherwiseToEnd: false, cancellation);

    /// <summary>The body of a response: it runs to the end of the connection where nothing is declared.</summary>
    public Task<WireMessage> ReadResponseBodyAsync(WireHead head, string requestMethod, CancellationToken cancellation)
    {
        var hasNone = requestMethod == "HEAD" || head.Status is < 200 or 204 or 304;
        return hasNone ? Task.FromResult(new WireMessage(head, [], [])) : ReadBodyAsync(head, otherwiseToEnd: true, cancellation);
    }

    /// <summary>
    /// What is there, at least one byte; empty at the end of the connection. For what follows an upgrade, and for streams.
    /// </summary>
    public async Task<byte[]> ReadSomeAsync(CancellationToken cancellation) => await _buffer.TakeSomeAsync(long.MaxValue, cancellation);

    private async Task<WireMessage> ReadBodyAsync(WireHead head, bool otherwiseToEnd, CancellationToken cancellation)
    {
        if (head.All("Transfer-Encoding").Any(coding => coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return await ReadChunksAsync(head, cancellation);
        }

        var body = head.All("Content-Length").FirstOrDefault() is { } length
            ? await _buffer.TakeExactlyAsync(long.Parse(length, CultureInfo.InvariantCulture), cancellation)
            : otherwiseToEnd ? await _buffer.TakeToEndAsync(cancellation) : [];
        return new WireMessage(head, body, body);
    }

    private async Task<WireMessage> ReadChunksAsync(WireHead head, CancellationToken cancellation)
    {
        var raw = new List<byte>();
        var body = new List<byte>();
        while (await ReadChunkAsync() is { Length: > 0 } chunk)
        {
            body.AddRange(chunk);
            await KeepLineAsync();
        }

        while (await KeepLineAsync() is { Length: > 0 })
        {
            // A trailer field; its bytes are kept in the raw body.
        }

        return new WireMessage(head, [.. body], [.. raw]);

        async Task<byte[]> ReadChunkAsync()
        {
            var size = (await KeepLineAsync()).Split(';')[0].Trim();
            var chunk =
                await _buffer.TakeExactlyAsync(int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), cancellation);
            raw.AddRange(chunk);
            return chunk;
        }

        async Task<string> KeepLineAsync()
        {
            var line = await _buffer.TakeLineAsync(cancellation);
            raw.AddRange(line);
            return Encoding.Latin1.GetString(line[..^2]);
        }
    }
}
