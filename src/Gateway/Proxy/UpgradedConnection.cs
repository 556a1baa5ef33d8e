using System.Buffers;
using FathomGateway.Backend;
using FathomGateway.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy;

/// <summary>
/// After a 101: passes bytes both ways until one side ends. Each direction ends by itself, after what was sent before has gone on;
/// while nothing comes, neither holds a buffer.
/// </summary>
internal static class UpgradedConnection
{
    /// <summary>Bytes at a time: a WebSocket's messages are small, and a large one comes in pieces.</summary>
    private const int BufferSize = 16 * 1024;

    public static async Task RunAsync(HttpContext context, BackendConnection connection, ClientConnection? client)
    {
        ForwardedResponse.CopyHead(connection.Head, context, closes: false);
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        // What came in one piece with the 101.
        if (connection.Received.UnreadLength > 0)
        {
            await stream.WriteAsync(connection.Received.Unread);
            connection.Received.Consume(connection.Received.UnreadLength);
        }

        connection.Received.Release();
        var fromClient = FromClientAsync(stream, connection, client);
        try
        {
            await CopyAsync(connection.Stream, stream, client);
            await stream.FlushAsync();
        }
        finally
        {
            // The server cannot close one half of the client's connection: both end here.
            connection.Abort();
            await context.Response.CompleteAsync();
            context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
            await fromClient;
        }
    }

    private static async Task FromClientAsync(Stream stream, BackendConnection connection, ClientConnection? client)
    {
        try
        {
            await CopyAsync(stream, connection.Stream, client);
            await connection.EndWritingAsync();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            connection.Abort();
        }
    }

    /// <summary>Waits with an empty read, so that a buffer is rented when there is something for it.</summary>
    private static async Task CopyAsync(Stream from, Stream to, ClientConnection? client)
    {
        while (true)
        {
            _ = await from.ReadAsync(Memory<byte>.Empty);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await from.ReadAsync(buffer);
                if (read == 0) return;
                client?.Touch();
                await to.WriteAsync(buffer.AsMemory(0, read));
                await to.FlushAsync();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
