using System.Net.Sockets;

namespace FathomGateway.Tcp;

/// <summary>
/// TCP keepalive (RFC 9293, section 3.8.4). It detects peers that vanished without closing the connection, such as a host that lost power,
/// or a firewall that dropped its state.
/// </summary>
/// <remarks>
/// Keepalive adds no data: a WebSocket or a stream may be silent for as long as both sides exist. <c>TCP_USER_TIMEOUT</c> is not set,
/// because it would also end a connection whose peer answers every probe with a window of 0, which is a paused download (RFC 9293, section
/// 3.8.6.1: such a connection must stay open). <see cref="TcpInfo"/> handles data that no peer acknowledges.
/// </remarks>
internal static class TcpKeepAlive
{
    /// <summary>
    /// Seconds of silence before the first probe, and between two probes. A NAT or load balancer keeps its state for at least a minute.
    /// </summary>
    private const int Idle = 30, Interval = 10;

    /// <summary>Unanswered probes after which the kernel ends the connection. A bad line loses one or two.</summary>
    private const int Probes = 3;

    /// <param name="socket">A connected socket, one that will connect to a single IP address, or a listening one, whose connections inherit
    /// the options on Linux. Not a socket that will connect to a name: with options set, .NET tries only one of its addresses.</param>
    public static void Enable(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Idle);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
