using System.Buffers;
using System.Net.Sockets;
using FathomGateway.Backend;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Copies bytes both ways after a 101 until both sides have ended. Data that was sent before an end is delivered before that end. An idle
/// direction holds no buffer.
/// </summary>
internal sealed class UpgradedConnection(BackendConnection connection, ClientConnection? client)
{
    /// <summary>Bytes per copy. WebSocket messages are small, and a large one takes several copies.</summary>
    private const int BufferSize = 16 * 1024;

    public static async Task RunAsync(HttpContext context, BackendConnection connection, ClientConnection? client)
    {
        ForwardedResponse.CopyHead(connection.Head, context, closes: false);
        client?.KeepHalfOpen();
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await new UpgradedConnection(connection, client).CopyBothWaysAsync(stream);
    }

    private async Task CopyBothWaysAsync(Stream stream)
    {
        // Bytes that arrived together with the 101.
        if (connection.Received.UnreadLength > 0) await stream.WriteAsync(connection.Received.Unread);
        connection.Received.Release();
        using var backendEnded = new CancellationTokenSource();
        var fromClient = FromClientAsync(stream, backendEnded.Token);
        try
        {
            await CopyAsync(connection.Stream, stream, CancellationToken.None);
            // Where the client's connection cannot be half-closed, it ends with the backend's.
            if (client?.TryEndWriting() != true) await backendEnded.CancelAsync();
        }
        catch
        {
            connection.Abort();
            await backendEnded.CancelAsync();
            throw;
        }
        finally
        {
            await fromClient;
        }
    }

    private async Task FromClientAsync(Stream stream, CancellationToken backendEnded)
    {
        try
        {
            await CopyAsync(stream, connection.Stream, backendEnded);
            await connection.EndWritingAsync();
        }
        catch (Exception failure) when (
            failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            if (!backendEnded.IsCancellationRequested) connection.Abort();
        }
    }

    /// <summary>Waits with an empty read, so that a buffer is rented only when data is available.</summary>
    private async Task CopyAsync(Stream from, Stream to, CancellationToken cancel)
    {
        while (true)
        {
            _ = await from.ReadAsync(Memory<byte>.Empty, cancel);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await from.ReadAsync(buffer, cancel);
                if (read == 0) return;
                client?.Touch();
                // Kestrel accepts bytes for a disconnected client without an error.
                if (client is { IsSocketClosed: true }) throw new IOException("The client's connection is closed.");
                await to.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
                await to.FlushAsync(CancellationToken.None);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
