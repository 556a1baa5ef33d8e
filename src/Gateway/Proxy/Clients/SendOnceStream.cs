using System.Runtime.CompilerServices;
using FathomGateway.Backend;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// A backend connection on which a request is sent only once. .NET's HTTP client takes a connection that ends before the first byte of a
/// response for a stale one, and sends a request without a body again up to three times, POST and DELETE included. This stream turns such
/// an end into a failure, unless <see cref="RetryPolicy"/> permits the method and the connection has carried a response before.
/// </summary>
internal sealed class SendOnceStream(Stream inner) : Stream
{
    private bool _hasAnswered;
    private bool _awaitsAnswer;
    private bool _mayBeStale;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Also runs while the connection is idle in the pool. An end of the stream is no failure then.</summary>
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
            _mayBeStale = _hasAnswered && RetryPolicy.IsRetryable(buffer.Span);
            // This write comes last, because the pool may read concurrently.
            Volatile.Write(ref _awaitsAnswer, true);
        }

        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    // The HTTP client uses none of these methods.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
