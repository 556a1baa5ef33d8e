using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FathomGateway.Tests.Kit;

/// <summary>Reads which limits the sockets of this process have been given: a gateway under test keeps its own among them.</summary>
internal static class SocketTimers
{
    /// <summary>Of Linux, tcp(7).</summary>
    private const int TcpLevel = 6, UserTimeout = 18;

    private const int MaxAddressBytes = 128;

    /// <summary>TCP_USER_TIMEOUT of each connection with this port at its own or its other end, in ms; 0 where none is set.</summary>
    public static IReadOnlyList<int> UserTimeouts(int? ownPort = null, int? otherPort = null) =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Where(socket => PortOf(socket, getpeername) is { } other && (otherPort is null || other == otherPort))
            .Where(socket => ownPort is null || PortOf(socket, getsockname) == ownPort)
            .Select(TimeoutOf)];

    private static int TimeoutOf(int socket)
    {
        var length = sizeof(int);
        return getsockopt(socket, TcpLevel, UserTimeout, out var value, ref length) == 0 ? value : 0;
    }

    private static int? PortOf(int socket, NameOf nameOf)
    {
        var address = new byte[MaxAddressBytes];
        var length = address.Length;
        return nameOf(socket, address, ref length) == 0 && length > 4 ? BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2)) : null;
    }

    private delegate int NameOf(int socket, byte[] address, ref int length);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getsockopt(int socket, int level, int name, out int value, ref int length);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getpeername(int socket, byte[] address, ref int length);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getsockname(int socket, byte[] address, ref int length);
}
