using System.Buffers;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// What was received and not consumed yet. The memory is rented: little of it while a response is awaited, more once reads fill it, none between
/// two exchanges.
/// </summary>
internal sealed class ReceiveBuffer
{
    /// <summary>Bytes at first: enough for most heads, and all that a response holds that is long in coming.</summary>
    private const int Small = 4 * 1024;

    /// <summary>Bytes once a read has filled the buffer: what a socket holds ready by default.</summary>
    public const int Large = 64 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;
    private bool _isFree = true;
    private bool _wasFilled;

    public ReadOnlyMemory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    public int UnreadLength => _end - _start;

    /// <summary>Whether the last read filled the buffer, so that there may have been more.</summary>
    public bool WasFilled => _wasFilled;

    public void Consume(int length) => _start += length;

    /// <summary>Room for the next read, at least one byte. It is written to until <see cref="EndRead"/>.</summary>
    public Memory<byte> BeginRead()
    {
        if (_start == _end) _start = _end = 0;
        var size = _wasFilled ? Large : Small;
        var isFitting = _bytes is not null && _end < _bytes.Length && (_end > 0 || _bytes.Length == size);
        if (!isFitting)
        {
            // A head that does not end within the buffer needs a larger one.
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
        // Released meanwhile: what was read is in memory that nobody looks at any more.
        if (_bytes is null) return;
        _wasFilled = _end + length == _bytes.Length;
        _end += length;
    }

    /// <summary>Gives the memory back; what is unread is lost.</summary>
    public void Release()
    {
        if (_bytes is not { } bytes) return;
        (_bytes, _start, _end, _wasFilled) = (null, 0, 0, false);
        // A read that was given up may still write into it.
        if (_isFree) ArrayPool<byte>.Shared.Return(bytes);
    }
}
