using System.Buffers;
using System.IO.Pipelines;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Copies a response's body as it arrives. A client of HTTP/1.1 gets a chunked body with its chunks, extensions and trailers unchanged.
/// Other clients get the content and, over HTTP/2, the trailers.
/// </summary>
internal sealed class ResponseBody(
    HttpContext context, BackendConnection connection, BodyFraming framing, bool keepsChunks, ClientConnection? client)
{
    /// <summary>Bytes that are written before a flush even though more are available.</summary>
    private const int MaxUnflushedBytes = ReceiveBuffer.Large;

    private readonly PipeWriter _writer = context.Response.BodyWriter;
    private readonly List<byte>? _trailers = framing == BodyFraming.Chunked && !keepsChunks ? [] : null;
    private ChunkedBodyParser _chunks;
    private YieldBudget _budget;
    private long _remaining = framing == BodyFraming.Length ? connection.Head.ContentLength : long.MaxValue;
    private int _unflushed;

    /// <returns>Whether the response still has to be flushed. The server flushes a head by itself, but not the data behind it, and would
    /// give an empty body a length.</returns>
    /// <exception cref="BackendException">The body ended early or violates HTTP's framing.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static ValueTask<bool> CopyAsync(HttpContext context, BackendConnection connection, ClientConnection? client)
    {
        var head = connection.Head;
        var framing = head.FramingFor(context.Request.Method);
        if (framing == BodyFraming.None) return default;
        if (framing != BodyFraming.Length || head.ContentLength > connection.Received.UnreadLength)
        {
            return new ResponseBody(context, connection, framing, ForwardedResponse.KeepsChunks(context, head), client).CopyAsync();
        }

        // The whole body is available and leaves with the head when the request ends.
        var length = (int)head.ContentLength;
        if (length == 0) return default;
        context.Response.BodyWriter.Write(connection.Received.Unread.Span[..length]);
        connection.Received.Consume(length);
        return default;
    }

    private async ValueTask<bool> CopyAsync()
    {
        YieldBudget.Count(1);
        try
        {
            await CopyToEndAsync();
            return _unflushed > 0 || !context.Response.HasStarted;
        }
        catch (IOException) when (_unflushed > 0 && !context.Response.HasStarted)
        {
            // Part of the body is written, so an error response is impossible. Send what is there before the connection breaks.
            await _writer.FlushAsync();
            throw;
        }
        finally
        {
            YieldBudget.Count(-1);
        }
    }

    private async ValueTask CopyToEndAsync()
    {
        _chunks = new ChunkedBodyParser { Trailers = _trailers };
        while (!TakeUnread())
        {
            var fill = connection.FillAsync();
            var waits = !fill.IsCompleted;
            // The client gets all available data before the gateway waits for more. This includes a head without a body.
            if (waits || _unflushed >= MaxUnflushedBytes)
            {
                await _writer.FlushAsync();
                _unflushed = 0;
            }

            if (!await fill)
            {
                if (framing == BodyFraming.UntilClose) break;
                throw new BackendException(BackendFailure.InvalidResponse);
            }

            client?.Touch();
            if (_budget.IsSpent(connection.Received.UnreadLength, waits) && YieldBudget.IsCrowded) await Task.Yield();
        }

        if (_trailers is { Count: > 0 }) ForwardedResponse.CopyTrailers(_trailers, context);
    }

    /// <summary>Writes the received bytes that belong to the body.</summary>
    /// <returns>Whether the body has ended.</returns>
    private bool TakeUnread()
    {
        var unread = connection.Received.Unread.Span;
        if (framing == BodyFraming.Chunked) return keepsChunks ? TakeChunksAsTheyAre(unread) : TakeContentOfChunks(unread);
        var length = (int)Math.Min(unread.Length, _remaining);
        Write(unread[..length]);
        connection.Received.Consume(length);
        _remaining -= length;
        return _remaining == 0;
    }

    private bool TakeChunksAsTheyAre(ReadOnlySpan<byte> unread)
    {
        var taken = 0;
        var status = ParseStatus.Incomplete;
        while (taken < unread.Length && status == ParseStatus.Incomplete)
        {
            status = _chunks.Read(unread[taken..], int.MaxValue, out var consumed, out _);
            taken += consumed;
        }

        // Send no byte of invalid framing: the client could not find the end of it.
        if (status == ParseStatus.Invalid) throw new BackendException(BackendFailure.InvalidResponse);
        Write(unread[..taken]);
        connection.Received.Consume(taken);
        return status == ParseStatus.Complete;
    }

    private bool TakeContentOfChunks(ReadOnlySpan<byte> unread)
    {
        while (!unread.IsEmpty)
        {
            var status = _chunks.Read(unread, int.MaxValue, out var consumed, out var content);
            Write(content);
            connection.Received.Consume(consumed);
            unread = unread[consumed..];
            if (status == ParseStatus.Invalid) throw new BackendException(BackendFailure.InvalidResponse);
            if (status == ParseStatus.Complete) return true;
        }

        return false;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        _writer.Write(bytes);
        _unflushed += bytes.Length;
    }
}
