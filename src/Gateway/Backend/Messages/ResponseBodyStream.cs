using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>
/// A response's body as a stream. At its end a clean connection returns to the pool. Disposing the stream earlier closes the connection.
/// After a 101 the stream is the connection itself and is writable.
/// </summary>
/// <param name="method">Method of the request.</param>
/// <param name="response">Receives the trailers.</param>
/// <param name="endSending">Called at the end of the response. Returns whether the whole request was sent.</param>
internal sealed class ResponseBodyStream(
    BackendConnection connection, string method, HttpResponseMessage response, Func<bool> endSending) : Stream
{
    private readonly BodyFraming _framing = connection.Head.Status == 101 ? BodyFraming.UntilClose : connection.Head.FramingFor(method);
    private readonly List<byte> _trailers = [];
    private ChunkedBodyParser _chunks;
    private long _remaining = connection.Head.ContentLength;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite { get; } = connection.Head.Status == 101;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended) return 0;
        int read;
        using (cancellationToken.UnsafeRegister(static connection => ((BackendConnection)connection!).Abort(), connection))
        {
            read = await ReadSomeAsync(buffer);
        }

        // After the registration has ended: a later cancellation must not abort the connection's next exchange.
        if (_ended) End();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && (!_ended || CanWrite))
        {
            _ended = true;
            endSending();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var read = Take(buffer.Span);
            // An empty read only asks whether data is available.
            if (read > 0 || _ended || (buffer.IsEmpty && connection.Received.UnreadLength > 0)) return read;
            if (await connection.FillAsync()) continue;
            if (_framing != BodyFraming.UntilClose) throw new BackendException(BackendFailure.InvalidResponse);
            _ended = true;
            return 0;
        }
    }

    private int Take(Span<byte> buffer)
    {
        var unread = connection.Received.Unread.Span;
        var read = 0;
        switch (_framing)
        {
            case BodyFraming.None:
                _ended = true;
                break;
            case BodyFraming.Chunked:
                var status = ParseStatus.Incomplete;
                if (_chunks.Trailers is null) _chunks = new ChunkedBodyParser { Trailers = _trailers };
                while (read == 0 && !unread.IsEmpty && status == ParseStatus.Incomplete)
                {
                    status = _chunks.Read(unread, buffer.Length, out var consumed, out var content);
                    if (status == ParseStatus.Invalid) throw new BackendException(BackendFailure.InvalidResponse);
                    content.CopyTo(buffer);
                    read = content.Length;
                    connection.Received.Consume(consumed);
                    unread = unread[consumed..];
                    if (buffer.IsEmpty && consumed == 0) break;
                }

                _ended = status == ParseStatus.Complete;
                break;
            default:
                read = (int)Math.Min(Math.Min(unread.Length, buffer.Length), _framing == BodyFraming.Length ? _remaining : long.MaxValue);
                unread[..read].CopyTo(buffer);
                connection.Received.Consume(read);
                _remaining -= read;
                _ended = _framing == BodyFraming.Length && _remaining == 0;
                break;
        }

        return read;
    }

    private void End()
    {
        // The server has ended its half. The client may write until it closes the stream.
        if (CanWrite) return;
        foreach (var (name, value) in TrailerSection.Fields(_trailers)) response.TrailingHeaders.TryAddWithoutValidation(name, value);
        var isClean = endSending() && _framing != BodyFraming.UntilClose && !connection.Head.AnnouncesForbiddenBody
            && !connection.IsAuthenticated;
        if (isClean) connection.Pool.Return(connection, hadNoBody: _framing == BodyFraming.None);
        else connection.Dispose();
    }
}
