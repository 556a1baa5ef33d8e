namespace FathomGateway.Proxy.Transforms;

/// <summary>The stream of <see cref="FlushHeadersContent"/>.</summary>
internal sealed class FlushHeadersStream(Stream body, HttpResponse response) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        // An empty read only asks whether data is available. For a chunked body it completes at once and says nothing about data.
        if (response.HasStarted || (buffer.IsEmpty && read.IsCompletedSuccessfully)) return read;
        if (!read.IsCompletedSuccessfully) return SendHeadAsync(read, cancellationToken);
        var count = read.Result;
        // The body is empty and no length says so. The server would add a length of 0 unless the headers leave first.
        return count > 0 || !MustStayOpen() ? new ValueTask<int>(count) : SendHeadAsync(new ValueTask<int>(0), cancellationToken);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> SendHeadAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        var reading = read.AsTask();
        await response.Body.FlushAsync(cancellationToken);
        return await reading;
    }

    /// <summary>A gRPC response without a body must end the stream at once.</summary>
    private bool MustStayOpen() =>
        response.ContentLength is null && response.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true;
}
