using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tcp;

/// <summary>What the kernel knows about the other side of a connection (tcp(7), <c>TCP_INFO</c>).</summary>
/// <param name="Retransmissions">How often in a row the oldest unacknowledged bytes were sent again, without an answer.</param>
/// <param name="Probes">
/// Probes of a closed window, or of an idle connection, that nobody has answered. Each answer makes it 0 again.
/// </param>
/// <param name="Silence">Time since anything was acknowledged.</param>
internal readonly record struct TcpInfo(int Retransmissions, int Probes, TimeSpan Silence)
{
    /// <summary>
    /// As long as keepalive takes to end an idle connection. Left to itself, Linux sends data again for a quarter of an hour.
    /// </summary>
    private static readonly TimeSpan SilenceOfVanished = TimeSpan.FromSeconds(45);

    /// <summary>Fewer may be lost on a line that works, or be left unanswered: a peer answers no more than two probes a second.</summary>
    private const int UnansweredOfVanished = 3;

    /// <summary>IPPROTO_TCP and TCP_INFO of Linux.</summary>
    private const int TcpLevel = 6, InfoOption = 11;

    /// <summary>Offsets in Linux' <c>struct tcp_info</c>, which only ever grows at its end.</summary>
    private const int RetransmissionsAt = 2, ProbesAt = 3, LastAcknowledgedAt = 56, Length = 60;

    /// <summary>
    /// Whether the other side has vanished while something was on its way to it. A peer that pauses and answers the probes of its closed
    /// window is there, however long it pauses. Costs one system call, which does not wait.
    /// </summary>
    /// <returns>False where there is no telling: outside Linux, for a socket that is closed, and for one that is not TCP's.</returns>
    public static bool HasVanished(Socket socket) => HasVanished(socket, SilenceOfVanished);

    internal static bool HasVanished(Socket socket, TimeSpan silence) =>
        Read(socket) is { } info && info.Silence >= silence && Math.Max(info.Retransmissions, info.Probes) >= UnansweredOfVanished;

    internal static TcpInfo? Read(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        if (!TryRead(socket, info)) return null;
        var sinceAcknowledged = MemoryMarshal.Read<uint>(info[LastAcknowledgedAt..]);
        return new TcpInfo(info[RetransmissionsAt], info[ProbesAt], TimeSpan.FromMilliseconds(sinceAcknowledged));
    }

    /// <summary>Reads the beginning of the kernel's structure. Costs one system call, which does not wait.</summary>
    /// <returns>False where there is none: outside Linux, for a socket that is closed, and for one that is not TCP's.</returns>
    internal static bool TryRead(Socket socket, Span<byte> info)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return socket.GetRawSocketOption(TcpLevel, InfoOption, info) >= info.Length;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
