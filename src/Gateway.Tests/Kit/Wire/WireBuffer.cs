using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Takes bytes from a stream in the portions that a message is made of. One read can bring more than asked for: the rest waits here.
/// </summary>
internal sealed class WireBuffer(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>What is there, at least one byte and at most so many; empty at the end of the connection.</summary>
    public async ValueTask<byte[]> TakeSomeAsync(long atMost, CancellationToken cancellation)
    {
        await FillAsync(cancellation);
        var taken = (int)Math.Min(_end - _start, atMost);
        _start += taken;
        return _buffer[(_start - taken).._start];
    }

    public async ValueTask<byte?> TakeByteAsync(CancellationToken cancellation)
    {
        await FillAsync(cancellation);
        return _start == _end ? null : _buffer[_start++];
    }

    public async Task<byte[]> TakeExactlyAsync(long length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        for (long taken = 0; taken < length;)
        {
            var some = await TakeSomeAsync(length - taken, cancellation);
            if (some.Length == 0)
            {
                throw new EndOfStreamException($"The connection ended after {taken} of {length} bytes.");
            }

            some.CopyTo(bytes, taken);
            taken += some.Length;
        }

        return bytes;
    }

    /// <summary>A line with its CRLF.</summary>
    public async Task<byte[]> TakeLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            line.Add(await TakeByteAsync(cancellation)
                ?? throw new EndOfStreamException($"The connection ended inside a line: {Encoding.Latin1.GetString([.. line])}"));
        }

        return [.. line];
    }

    public async Task<byte[]> TakeToEndAsync(CancellationToken cancellation)
    {
        var bytes = new List<byte>();
        while (await TakeSomeAsync(long.MaxValue, cancellation) is { Length: > 0 } some)
        {
            bytes.AddRange(some);
        }

        return [.. bytes];
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
            _end = await stream.ReadAsync(_buffer, cancellation);
        }
    }
}
