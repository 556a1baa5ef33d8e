using System.Buffers;
using System.Globalization;
using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// Collects bytes to send in one write: a head, and as much of the body as is available. Holds memory from the first write until
/// <see cref="Release"/>.
/// </summary>
internal sealed class OutputBuffer
{
    /// <summary>Initial size in bytes. Most heads are smaller.</summary>
    private const int SmallBuffer = 4 * 1024;

    /// <summary>Bytes to keep between two writes. The charge of a request covers them.</summary>
    private const int MaxKept = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public int Length => _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Writes a text whose characters each stand for one byte (ISO 8859-1).</summary>
    public void Write(ReadOnlySpan<char> text) => _length += Encoding.Latin1.GetBytes(text, Room(text.Length));

    /// <summary>Writes a number in ASCII.</summary>
    /// <param name="format">Empty for decimal digits, <c>x</c> for hexadecimal ones.</param>
    public void Write(long number, ReadOnlySpan<char> format = default)
    {
        const int MaxDigits = 20;
        number.TryFormat(Room(MaxDigits), out var written, format, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Writes the size line of a chunk (RFC 9112, section 7.1).</summary>
    public void WriteChunkSize(long size)
    {
        Write(size, "x");
        Write("\r\n"u8);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    /// <summary>Drops the written bytes. Keeps the memory for the next ones, unless a client that pauses would hold much of it.</summary>
    public void Clear()
    {
        if (_bytes.Length > MaxKept) Release();
        _length = 0;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallBuffer, Math.Max(_length + size, _bytes.Length * 2)));
            Written.Span.CopyTo(larger);
            if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }
}
