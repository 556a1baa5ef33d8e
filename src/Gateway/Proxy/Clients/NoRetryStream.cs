using System.Runtime.CompilerServices;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// A connection to the backend on which a request is sent once. The HTTP client takes a connection that ends before the first byte of an answer
/// for one that had gone stale, and sends a request without a body again, up to three times, POST and DELETE included. Here such an end is a
/// failure like any other, unless the request is safe (RFC 9110, section 9.2.1) and the connection has carried an answer before.
/// </summary>
internal sealed class NoRetryStream(Stream inner) : Stream
{
    private bool _hasAnswered;
    private bool _awaitsAnswer;
    private bool _mayBeStale;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Also runs while the connection waits in the pool: an end then is no failure.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            _hasAnswered = true;
            _awaitsAnswer = false;
        }
        else if (buffer.Length > 0 && _awaitsAnswer && !_mayBeStale)
        {
            throw new IOException("The backend closed the connection without an answer.");
        }

        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_awaitsAnswer)
        {
            _mayBeStale = _hasAnswered && IsSafe(buffer.Span);
            // Last: the pool may be reading at the same time.
            Volatile.Write(ref _awaitsAnswer, true);
        }

        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    // The client sends nothing by these.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsSafe(ReadOnlySpan<byte> request) => request.StartsWith("GET "u8) || request.StartsWith("HEAD "u8) || request.StartsWith("OPTIONS "u8);
}
