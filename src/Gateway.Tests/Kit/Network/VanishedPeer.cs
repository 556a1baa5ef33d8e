using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Plays a host that has died: a filter of the kernel drops each segment before TCP sees it, so that nothing is acknowledged, no probe is
/// answered and no reset comes. Needs no rights (socket(7), SO_ATTACH_FILTER).
/// </summary>
internal static class VanishedPeer
{
    private const int SocketLevel = 1, AttachFilter = 26;

    /// <summary>One instruction, BPF_RET: keep 0 bytes of whatever comes.</summary>
    private static readonly byte[] DropAll = [6, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>From now on nothing reaches the socket. It must not send either, as the dead do not.</summary>
    public static void Play(Socket socket)
    {
        var program = GCHandle.Alloc(DropAll, GCHandleType.Pinned);
        try
        {
            // struct sock_fprog: the number of instructions, and, aligned, where they stand.
            var filter = new byte[16];
            filter[0] = 1;
            BitConverter.TryWriteBytes(filter.AsSpan(8), program.AddrOfPinnedObject().ToInt64());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, filter);
        }
        finally
        {
            program.Free();
        }
    }
}
