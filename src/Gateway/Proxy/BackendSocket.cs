using System.Net.Sockets;
using FathomGateway.Tcp;

namespace FathomGateway.Proxy;

/// <summary>A connection to the backend as .NET would open it, which also ends when the backend has vanished.</summary>
internal static class BackendSocket
{
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            DeadPeers.Notice(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
