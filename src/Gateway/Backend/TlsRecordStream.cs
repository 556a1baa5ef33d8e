using System.Buffers.Binary;

namespace FathomGateway.Backend;

/// <summary>
/// Passes one TLS record per read (RFC 8446, section 5.1). .NET would read all available bytes into a buffer of its own. A record behind
/// the end of a response would stay there unnoticed and be taken for the response to the next request.
/// </summary>
internal sealed class TlsRecordStream(Stream inner) : Stream
{
    private readonly byte[] _header = new byte[5];
    private int _headerLength;
    private int _left;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var most = _left > 0 ? _left : _header.Length - _headerLength;
        var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
        if (_left > 0)
        {
            _left -= read;
            return read;
        }

        buffer.Span[..read].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += read;
        if (_headerLength == _header.Length) (_left, _headerLength) = (BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3)), 0);
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    // TLS uses the asynchronous methods only.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
