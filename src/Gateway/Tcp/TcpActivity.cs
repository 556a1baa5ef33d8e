using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tcp;

/// <summary>
/// When data last moved on a connection, and how much has arrived, from the kernel (tcp(7), <c>TCP_INFO</c>), so that code on the way of
/// a request need not record it.
/// </summary>
internal static class TcpActivity
{
    /// <summary>
    /// Offsets in Linux' <c>struct tcp_info</c>, which only grows at its end. Acknowledgements without data and probes of a closed window
    /// do not count.
    /// </summary>
    private const int LastDataSentAt = 44, LastDataReceivedAt = 52, Length = 56, ReceivedAt = 128, LengthWithReceived = 136;

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

    /// <summary>Makes one non-blocking system call.</summary>
    /// <returns>Bytes received since the connection was opened, whether read or not; null where it is unknown: outside Linux 4.1 and newer,
    /// for a closed socket, and for a socket that is not TCP.</returns>
    public static long? ReceivedBytes(Socket socket)
    {
        Span<byte> info = stackalloc byte[LengthWithReceived];
        return TcpInfo.TryRead(socket, info) ? MemoryMarshal.Read<long>(info[ReceivedAt..]) : null;
    }
}
