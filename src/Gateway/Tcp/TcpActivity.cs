using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tcp;

/// <summary>
/// When data moved on a connection last, as the kernel knows it (tcp(7), <c>TCP_INFO</c>): whoever forwards need not keep count.
/// </summary>
internal static class TcpActivity
{
    /// <summary>
    /// Offsets in Linux' <c>struct tcp_info</c>, which only ever grows at its end. Acknowledgements without data do not count, nor do
    /// probes of a closed window.
    /// </summary>
    private const int LastDataSentAt = 44, LastDataReceivedAt = 52, Length = 56;

    /// <summary>Costs one system call, which does not wait.</summary>
    /// <returns>
    /// The time since data was sent or received; null where there is no telling: outside Linux, for a socket that is closed, and for one
    /// that is not TCP's.
    /// </returns>
    public static TimeSpan? Silence(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        if (!TcpInfo.TryRead(socket, info)) return null;
        var sent = MemoryMarshal.Read<uint>(info[LastDataSentAt..]);
        return TimeSpan.FromMilliseconds(Math.Min(sent, MemoryMarshal.Read<uint>(info[LastDataReceivedAt..])));
    }
}
