using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Tcp;

/// <summary>The two ends of a TCP connection over loopback.</summary>
internal sealed class TcpPair : IDisposable
{
    private TcpPair(Socket ours, Socket peer) => (Ours, Peer) = (ours, peer);

    public Socket Ours { get; }

    public Socket Peer { get; }

    public static async Task<TcpPair> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(listener.LocalEndPoint!);
        return new TcpPair(await listener.AcceptAsync(), peer);
    }

    /// <summary>Sends until both sides' buffers are full and the peer's window is closed.</summary>
    public async Task FillAsync()
    {
        var block = new byte[64 * 1024];
        while (true)
        {
            using var full = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await Ours.SendAsync(block, full.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        Ours.Dispose();
        Peer.Dispose();
    }
}
