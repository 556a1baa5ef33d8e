using System.Buffers;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// Received bytes that are not consumed yet. The memory is rented: little while a response is awaited, more once reads fill it, none
/// between two exchanges.
/// </summary>
internal sealed class ReceiveBuffer
{
    /// <summary>Initial size in bytes. Enough for most heads, and all that a slow response holds.</summary>
    private const int Small = 4 * 1024;

    /// <summary>Size in bytes after a read has filled the buffer: a socket's default receive buffer.</summary>
    public const int Large = 64 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;
    private bool _isFree = true;
    private bool _wasFilled;

    public ReadOnlyMemory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    public int UnreadLength => _end - _start;

    /// <summary>Whether the last read filled the buffer, so that more bytes may be available.</summary>
    public bool WasFilled => _wasFilled;

    public void Consume(int length) => _start += length;

    /// <summary>Memory for the next read, at least one byte. The read may write to it until <see cref="EndRead"/>.</summary>
    public Memory<byte> BeginRead()
    {
        if (_start == _end) _start = _end = 0;
        var size = _wasFilled ? Large : Small;
        var isFitting = _bytes is not null && _end < _bytes.Length && (_end > 0 || _bytes.Length == size);
        if (!isFitting)
        {
            // A head that exceeds the buffer needs a larger one.
            var other = ArrayPool<byte>.Shared.Rent(Math.Max(size, UnreadLength * 2));
            Unread.CopyTo(other);
            if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _start, _end) = (other, 0, UnreadLength);
        }

        _isFree = false;
        return _bytes.AsMemory(_end);
    }

    public void EndRead(int length)
    {
        _isFree = true;
        // The buffer was released during the read, so the bytes are dropped.
        if (_bytes is null) return;
        _wasFilled = _end + length == _bytes.Length;
        _end += length;
    }

    /// <summary>Returns the memory to the pool and drops unread bytes.</summary>
    public void Release()
    {
        if (_bytes is not { } bytes) return;
        (_bytes, _start, _end, _wasFilled) = (null, 0, 0, false);
        // An abandoned read may still write into the memory.
        if (_isFree) ArrayPool<byte>.Shared.Return(bytes);
    }
}
