using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>
/// What the content of a message is written to: sends each piece as it comes, in chunks where the length is not known. Once the server takes no more,
/// pieces are dropped: it may have answered, which whoever reads the response finds.
/// </summary>
internal sealed class RequestBodyStream(BackendConnection connection, OutputBuffer output, bool isChunked) : Stream
{
    /// <summary>Whether all of the content is sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether what is written goes nowhere.</summary>
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

    /// <summary>Sends what ends the body.</summary>
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
