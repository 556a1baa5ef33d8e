using System.Net.Sockets;

namespace FathomGateway.Tcp;

/// <summary>
/// TCP keepalive (RFC 9293, section 3.8.4): ends an idle connection whose peer has vanished without a word, such as a host that died or a
/// firewall that has forgotten.
/// </summary>
/// <remarks>
/// Neither side sees anything of it in the bytes that pass: a WebSocket or a stream may be silent for as long as both are there.
/// <c>TCP_USER_TIMEOUT</c> is not set. It also ends a connection whose peer answers every probe with a window of 0, which is a paused
/// download (RFC 9293, section 3.8.6.1: such a connection must stay). Data that nobody acknowledges is the affair of <see cref="TcpInfo"/>.
/// </remarks>
internal static class TcpKeepAlive
{
    /// <summary>
    /// Seconds of silence before the first probe, and between two: an entry of a NAT or a load balancer lasts a minute at least.
    /// </summary>
    private const int Idle = 30, Interval = 10;

    /// <summary>Probes without an answer after which the kernel ends the connection: one or two are lost on a bad line.</summary>
    private const int Probes = 3;

    /// <param name="socket">
    /// Of a connection, or one that listens: its connections inherit the options on Linux. A socket that is yet to connect to a name of
    /// several addresses gets them afterwards, because .NET then refuses to try more than one.
    /// </param>
    public static void Enable(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Idle);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
