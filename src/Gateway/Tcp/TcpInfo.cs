using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tcp;

/// <summary>The kernel's view of a connection's peer (tcp(7), <c>TCP_INFO</c>).</summary>
/// <param name="Retransmissions">Consecutive retransmissions of the oldest unacknowledged bytes.</param>
/// <param name="Probes">Unanswered probes of a closed window or of an idle connection. An answer resets the number to 0.</param>
/// <param name="Silence">Time since the last acknowledgement.</param>
internal readonly record struct TcpInfo(int Retransmissions, int Probes, TimeSpan Silence)
{
    /// <summary>The time in which keepalive ends an idle connection. By default Linux retransmits data for a quarter of an hour.</summary>
    private static readonly TimeSpan MinSilence = TimeSpan.FromSeconds(45);

    /// <summary>A working line can lose fewer, and a peer may leave fewer unanswered: it answers at most two probes a second.</summary>
    private const int MinUnansweredProbes = 3;

    /// <summary>IPPROTO_TCP and TCP_INFO on Linux.</summary>
    private const int TcpLevel = 6, InfoOption = 11;

    /// <summary>Offsets in Linux' <c>struct tcp_info</c>, which only grows at its end.</summary>
    private const int RetransmissionsAt = 2, ProbesAt = 3, LastAcknowledgedAt = 56, Length = 60;

    /// <summary>
    /// Whether the peer has vanished while data was on its way to it. A peer that pauses and answers the probes of its closed window is
    /// present, however long it pauses. Makes one non-blocking system call.
    /// </summary>
    /// <returns>False where it is unknown: outside Linux, for a closed socket, and for a socket that is not TCP.</returns>
    public static bool HasVanished(Socket socket) => HasVanished(socket, MinSilence);

    internal static bool HasVanished(Socket socket, TimeSpan silence) =>
        Read(socket) is { } info && info.Silence >= silence && Math.Max(info.Retransmissions, info.Probes) >= MinUnansweredProbes;

    internal static TcpInfo? Read(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        if (!TryRead(socket, info)) return null;
        var sinceAcknowledged = MemoryMarshal.Read<uint>(info[LastAcknowledgedAt..]);
        return new TcpInfo(info[RetransmissionsAt], info[ProbesAt], TimeSpan.FromMilliseconds(sinceAcknowledged));
    }

    /// <summary>Reads the beginning of the kernel's structure with one non-blocking system call.</summary>
    /// <returns>False where there is none: outside Linux, for a closed socket, and for a socket that is not TCP.</returns>
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
