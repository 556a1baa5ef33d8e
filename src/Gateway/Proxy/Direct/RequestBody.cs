using System.Buffers;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Sends a request's head and body while the response is read. Never throws: a backend that stops reading may have responded.
/// </summary>
internal sealed class RequestBody(
    HttpContext context, BackendConnection connection, ForwardedRequest request, OutputBuffer output, ClientConnection? client)
{
    /// <summary>Bytes that are copied, to leave together with the bytes before them. Longer parts are sent from their own buffer.</summary>
    private const int MaxCopyBytes = 16 * 1024;

    /// <summary>Bytes of a chunk, so that its buffer stays within 64 kB.</summary>
    private const int MaxChunkBytes = 48 * 1024;

    private Task _copying = Task.CompletedTask;
    private volatile bool _stopped;

    /// <summary>The client's expectation of a 100, or null.</summary>
    public ContinueExpectation? Expectation { get; } = ForwardedRequest.IsExpectation(context) ? new() : null;

    /// <summary>Whether the body was read to its end and sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the body was read to its end, sent or not, so that the client's connection can carry another request.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether reading of the body has started. Before that, a client that expects a 100 has not got one.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Why the client's body could not be read, or null.</summary>
    public Exception? ClientFailure { get; private set; }

    /// <summary>Why the backend stopped accepting the body, or null.</summary>
    public Exception? BackendFailure { get; private set; }

    public void Start() => _copying = YieldBudget.CountAsync(RunAsync);

    /// <summary>Stops the copying. The backend connection must be closed before.</summary>
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
        var budget = default(YieldBudget);
        try
        {
            while (!_stopped)
            {
                var reading = reader.ReadAsync();
                var waits = !reading.IsCompleted;
                // Send the head at once where no part of the body is available.
                if (waits && output.Length > 0 && !await SendAsync()) connection.Abort();
                var result = await reading;
                client?.Touch();
                var isBudgetSpent = budget.IsSpent((int)result.Buffer.Length, waits);
                IsRead |= result is { IsCompleted: true, IsCanceled: false };
                var isSent = !result.IsCanceled && BackendFailure is null && await SendAsync(result.Buffer);
                reader.AdvanceTo(isSent ? result.Buffer.End : result.Buffer.Start);
                if (!isSent) return;
                if (isBudgetSpent && YieldBudget.IsCrowded) await Task.Yield();
                if (!result.IsCompleted) continue;
                IsComplete = request.Framing != BodyFraming.Chunked || await SendEndAsync();
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            ClientFailure = failure;
            // The backend must not take a partial body for a complete one.
            connection.Abort();
        }
    }

    private async ValueTask<bool> SendAsync(ReadOnlySequence<byte> piece)
    {
        if (request.Framing == BodyFraming.Chunked) return await SendChunksAsync(piece);
        if (piece.Length <= MaxCopyBytes)
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
            var chunk = piece.Slice(0, Math.Min(piece.Length, MaxChunkBytes));
            output.WriteChunkSize(chunk.Length);
            foreach (var segment in chunk) output.Write(segment.Span);
            output.Write("\r\n"u8);
            if (!await SendAsync()) return false;
            piece = piece.Slice(chunk.End);
        }

        return true;
    }

    /// <summary>Sends the last chunk and the trailer section (RFC 9112, section 7.1.2).</summary>
    private ValueTask<bool> SendEndAsync()
    {
        output.Write("0\r\n"u8);
        request.WriteTrailers(context, output);
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
