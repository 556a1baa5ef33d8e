using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>
/// The target of a message's content. Sends each part as it arrives, in chunks where the length is unknown. When the server stops reading,
/// further parts are dropped: it may have responded, which the reader of the response detects.
/// </summary>
internal sealed class RequestBodyStream(BackendConnection connection, OutputBuffer output, bool isChunked) : Stream
{
    /// <summary>Whether all content was sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether written data is dropped.</summary>
    public bool IsDropped { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return;
        if (isChunked) output.WriteChunkSize(buffer.Length);
        output.Write(buffer.Span);
        if (isChunked) output.Write("\r\n"u8);
        await FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!IsDropped && output.Length > 0) await connection.WriteAsync(output.Written);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            IsDropped = true;
        }

        output.Clear();
    }

    /// <summary>Sends the last chunk where the body is chunked, and what is still buffered.</summary>
    public async Task EndAsync()
    {
        if (isChunked) output.Write("0\r\n\r\n"u8);
        await FlushAsync(CancellationToken.None);
        IsComplete = !IsDropped;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
