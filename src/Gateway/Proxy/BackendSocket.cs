using System.Net.Sockets;
using FathomGateway.Tcp;

namespace FathomGateway.Proxy;

/// <summary>A connection to the backend as .NET would open it, which also ends when the backend has vanished.</summary>
internal static class BackendSocket
{
    /// <summary>
    /// For requests that are forwarded, which complete inline. Where TLS follows, its handshake would keep a socket thread busy: those
    /// connections stay on the thread pool.
    /// </summary>
    public static async ValueTask<Stream> ConnectInlineAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var stream = await ConnectAsync(context, cancel);
        if (context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp) InlineCompletions.Enable(stream.Socket);
        return stream;
    }

    public static async ValueTask<Stream> ConnectPooledAsync(SocketsHttpConnectionContext context, CancellationToken cancel) =>
        await ConnectAsync(context, cancel);

    private static async Task<NetworkStream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            KeepAlive.Enable(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
