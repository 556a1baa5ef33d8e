using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Limits;

/// <summary>Many connections that each send the same bytes, and then hold on: the gateway's answers stay unread in their sockets.</summary>
internal sealed class ManyConnections : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <summary>Connects and sends one after the other. Refused connections are ignored.</summary>
    public async Task OpenAsync(Uri address, int connections, byte[] bytes)
    {
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
            _sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                await socket.SendAsync(bytes);
            }
            catch (SocketException)
            {
                // Refused, or closed while it was sending.
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _sockets.Clear();
    }
}
