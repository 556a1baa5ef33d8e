using System.Globalization;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>Reads HTTP/1.1 messages from a stream and keeps their exact bytes. RFC 9112 section 6.3 tells where a body ends.</summary>
internal sealed class WireReader(Stream stream)
{
    // One read can bring more than asked for: the rest waits here for the next message.
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next head, or null where the peer has closed in good order between two messages.</summary>
    public async Task<WireHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        var bytes = new List<byte>();
        while (!EndsWithEmptyLine(bytes))
        {
            if (await ReadByteAsync(cancellation) is not { } next)
            {
                return bytes.Count == 0 ? null : throw new EndOfStreamException($"The connection ended inside a head: {Encoding.Latin1.GetString([.. bytes])}");
            }

            bytes.Add(next);
        }

        return new WireHead([.. bytes]);
    }

    /// <summary>The body of a request: absent where neither length nor chunks are declared.</summary>
    public Task<WireMessage> ReadRequestBodyAsync(WireHead head, CancellationToken cancellation) => ReadBodyAsync(head, untilEnd: false, cancellation);

    /// <summary>The body of a response: it runs to the end of the connection where nothing is declared.</summary>
    public Task<WireMessage> ReadResponseBodyAsync(WireHead head, string requestMethod, CancellationToken cancellation)
    {
        var hasNone = requestMethod == "HEAD" || head.Status is < 200 or 204 or 304;
        return hasNone ? Task.FromResult(new WireMessage(head, [], [])) : ReadBodyAsync(head, untilEnd: true, cancellation);
    }

    /// <summary>What is there, at least one byte; empty at the end of the connection. For what follows an upgrade, and for streams.</summary>
    public async Task<byte[]> ReadSomeAsync(CancellationToken cancellation)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellation);
        }

        var some = _buffer[_start.._end];
        _start = _end;
        return some;
    }

    private async Task<WireMessage> ReadBodyAsync(WireHead head, bool untilEnd, CancellationToken cancellation)
    {
        if (head.All("Transfer-Encoding").Any(coding => coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return await ReadChunksAsync(head, cancellation);
        }

        var body = head.All("Content-Length").FirstOrDefault() is { } length
            ? await ReadExactlyAsync(long.Parse(length, CultureInfo.InvariantCulture), cancellation)
            : untilEnd ? await ReadToEndAsync(cancellation) : [];
        return new WireMessage(head, body, body);
    }

    private async Task<WireMessage> ReadChunksAsync(WireHead head, CancellationToken cancellation)
    {
        var raw = new List<byte>();
        var body = new List<byte>();
        while (true)
        {
            var sizeLine = await ReadLineAsync(raw, cancellation);
            var size = int.Parse(sizeLine.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                break;
            }

            var chunk = await ReadExactlyAsync(size, cancellation);
            body.AddRange(chunk);
            raw.AddRange(chunk);
            await ReadLineAsync(raw, cancellation);
        }

        while ((await ReadLineAsync(raw, cancellation)).Length > 0)
        {
            // A trailer field; its bytes are kept in the raw body.
        }

        return new WireMessage(head, [.. body], [.. raw]);
    }

    private async Task<string> ReadLineAsync(List<byte> raw, CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            line.Add(await ReadByteAsync(cancellation) ?? throw new EndOfStreamException("The connection ended inside a chunked body."));
        }

        raw.AddRange(line);
        return Encoding.Latin1.GetString([.. line[..^2]]);
    }

    private async Task<byte[]> ReadExactlyAsync(long length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var some = await ReadSomeAsync(cancellation);
            if (some.Length == 0)
            {
                throw new EndOfStreamException($"The connection ended after {read} of {length} bytes of body.");
            }

            // What belongs to the next message goes back.
            var taken = (int)Math.Min(some.Length, length - read);
            some.AsSpan(0, taken).CopyTo(bytes.AsSpan(read));
            _start -= some.Length - taken;
            read += taken;
        }

        return bytes;
    }

    private async Task<byte[]> ReadToEndAsync(CancellationToken cancellation)
    {
        var bytes = new List<byte>();
        while (await ReadSomeAsync(cancellation) is { Length: > 0 } some)
        {
            bytes.AddRange(some);
        }

        return [.. bytes];
    }

    private async ValueTask<byte?> ReadByteAsync(CancellationToken cancellation)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellation);
        }

        return _start == _end ? null : _buffer[_start++];
    }

    private static bool EndsWithEmptyLine(List<byte> bytes) => bytes is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];
}
