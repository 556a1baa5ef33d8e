using System.Buffers;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Sends a request's head and then its body, piece by piece as it comes. Runs beside the reading of the response, and never throws:
/// a backend that no longer reads may have answered, which only the reading can tell.
/// </summary>
internal sealed class RequestBody(HttpContext context, BackendConnection connection, ForwardedRequest request, OutputBuffer output, ClientConnection? client)
{
    /// <summary>Bytes that are copied, so that they leave with what stands before them; longer pieces are sent from where they are.</summary>
    private const int LargestCopy = 16 * 1024;

    /// <summary>Bytes of a chunk: the buffer that it is put together in stays within 64 kB.</summary>
    private const int LargestChunk = 48 * 1024;

    private Task _copying = Task.CompletedTask;
    private volatile bool _stopped;

    /// <summary>The client's wish to be asked for the body, or null.</summary>
    public ContinueExpectation? Expectation { get; } = ForwardedRequest.IsExpectation(context) ? new() : null;

    /// <summary>Whether the body was read to its end and sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether it was read to its end, whatever the backend has taken of it yet: the client's connection can go on.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether the body is being read; until then the client that expects a 100 has not been asked for it.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Why the client's body could not be read, or null.</summary>
    public Exception? ClientFailure { get; private set; }

    /// <summary>Why the backend took no more of it, or null.</summary>
    public Exception? BackendFailure { get; private set; }

    public void Start() => _copying = YieldBudget.CountAsync(RunAsync);

    /// <summary>Ends the copying, wherever it is. The connection to the backend has been closed before.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        Expectation?.Withdraw();
        if (HasStarted && !IsComplete) context.Request.BodyReader.CancelPendingRead();
        return _copying;
    }

    private async Task RunAsync()
    {
        if (Expectation is not null && !(await SendAsync() && await Expectation.WaitAsync())) return;
        HasStarted = true;
        var reader = context.Request.BodyReader;
        var turn = default(YieldBudget);
        try
        {
            while (!_stopped)
            {
                var reading = reader.ReadAsync();
                var waits = !reading.IsCompleted;
                // The head goes at once where the body is not there yet.
                if (waits && output.Length > 0 && !await SendAsync()) connection.Abort();
                var result = await reading;
                client?.Touch();
                var isTurnOver = turn.IsOver((int)result.Buffer.Length, waits);
                IsRead |= result is { IsCompleted: true, IsCanceled: false };
                var isSent = !result.IsCanceled && BackendFailure is null && await SendAsync(result.Buffer);
                reader.AdvanceTo(isSent ? result.Buffer.End : result.Buffer.Start);
                if (!isSent) return;
                if (isTurnOver && YieldBudget.IsCrowded) await Task.Yield();
                if (!result.IsCompleted) continue;
                IsComplete = request.Framing != BodyFraming.Chunked || await SendEndAsync();
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException or BadHttpRequestException)
        {
            ClientFailure = failure;
            // The backend must not take what has come for the whole.
            connection.Abort();
        }
    }

    private async ValueTask<bool> SendAsync(ReadOnlySequence<byte> piece)
    {
        if (request.Framing == BodyFraming.Chunked) return await SendChunksAsync(piece);
        if (piece.Length <= LargestCopy)
        {
            foreach (var segment in piece) output.Write(segment.Span);
            return await SendAsync();
        }

        if (!await SendAsync()) return false;
        foreach (var segment in piece)
        {
            if (!await SendAsync(segment)) return false;
        }

        return true;
    }

    private async ValueTask<bool> SendChunksAsync(ReadOnlySequence<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var chunk = piece.Slice(0, Math.Min(piece.Length, LargestChunk));
            output.WriteChunkSize(chunk.Length);
            foreach (var segment in chunk) output.Write(segment.Span);
            output.Write("\r\n"u8);
            if (!await SendAsync()) return false;
            piece = piece.Slice(chunk.End);
        }

        return true;
    }

    /// <summary>The last chunk and the trailer section (RFC 9112, section 7.1.2).</summary>
    private ValueTask<bool> SendEndAsync()
    {
        output.Write("0\r\n"u8);
        ForwardedRequest.WriteTrailers(context, output);
        output.Write("\r\n"u8);
        return SendAsync();
    }

    private async ValueTask<bool> SendAsync()
    {
        var isSent = output.Length == 0 || await SendAsync(output.Written);
        output.Clear();
        return isSent;
    }

    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await connection.WriteAsync(bytes);
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            BackendFailure = failure;
            return false;
        }
    }
}
