using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tcp;

/// <summary>
/// When data last moved on a connection, from the kernel (tcp(7), <c>TCP_INFO</c>), so that forwarding code need not record it.
/// </summary>
internal static class TcpActivity
{
    /// <summary>
    /// Offsets in Linux' <c>struct tcp_info</c>, which only grows at its end. Acknowledgements without data and probes of a closed window
    /// do not count.
    /// </summary>
    private const int LastDataSentAt = 44, LastDataReceivedAt = 52, Length = 56;

    /// <summary>Makes one non-blocking system call.</summary>
    /// <returns>The time since data was sent or received; null where it is unknown: outside Linux, for a closed socket, and for a socket
    /// that is not TCP.</returns>
    public static TimeSpan? Silence(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        if (!TcpInfo.TryRead(socket, info)) return null;
        var sent = MemoryMarshal.Read<uint>(info[LastDataSentAt..]);
        return TimeSpan.FromMilliseconds(Math.Min(sent, MemoryMarshal.Read<uint>(info[LastDataReceivedAt..])));
    }
}
