using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Makes one end of a TCP connection vanish without a word: the kernel drops every packet that arrives for it, before TCP sees one, so
/// nothing is acknowledged and nothing is sent. By a socket filter (Linux, socket(7), <c>SO_ATTACH_FILTER</c>) whose one instruction takes
/// 0 bytes of each packet. It needs no privilege.
/// </summary>
internal static class PacketFilter
{
    private const int SocketLevel = 1, AttachFilter = 26;

    /// <summary>BPF_RET | BPF_K.</summary>
    private const ushort Return = 0x06;

    /// <summary>False where the system has no such filters.</summary>
    public static bool DropEverythingFor(Socket end)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var instruction = new[] { new Instruction(Return, 0, 0, Value: 0) };
        var pinned = GCHandle.Alloc(instruction, GCHandleType.Pinned);
        try
        {
            var program = new[] { new Program(1, pinned.AddrOfPinnedObject()) };
            end.SetRawSocketOption(SocketLevel, AttachFilter, MemoryMarshal.AsBytes(program.AsSpan()));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Value);

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Program(ushort Length, nint Instructions);
}
