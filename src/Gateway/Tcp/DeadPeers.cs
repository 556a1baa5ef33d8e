using System.Net.Sockets;

namespace FathomGateway.Tcp;

/// <summary>Notices that the other side of a connection has vanished without a word: a host that died, a phone out of reach, a firewall that has forgotten.</summary>
/// <remarks>By TCP's own means, of which neither side sees anything in what passes: a WebSocket or a stream may be silent for as long as both are there.</remarks>
internal static class DeadPeers
{
    /// <summary>Seconds of silence before it is asked whether anybody is there, and between two questions.</summary>
    private const int Silence = 30, Pause = 10;

    /// <summary>Questions without an answer after which nobody is.</summary>
    private const int Questions = 3;

    /// <summary>Milliseconds that sent bytes may stay unacknowledged; left to itself, Linux repeats them for a quarter of an hour.</summary>
    private const int Unacknowledged = 45_000;

    /// <summary>Of Linux, tcp(7).</summary>
    private const int TcpLevel = 6, UserTimeout = 18;

    /// <param name="socket">Of a connection; or one that listens, whose connections inherit it where the system is Linux.</param>
    public static void Notice(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Silence);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Pause);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Questions);
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes(Unacknowledged));
    }
}
