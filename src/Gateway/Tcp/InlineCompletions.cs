using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FathomGateway.Tcp;

/// <summary>
/// Lets the operations of single sockets complete inline, on the thread of the runtime's socket engine that epoll wakes, instead of handing
/// each to the thread pool. A proxied request is a dozen short steps, and every hand-over costs more than a step. Whatever runs on such a
/// thread keeps other connections waiting, so only sockets whose continuations never block are marked: those that forward.
/// </summary>
/// <remarks>
/// The runtime's own switch, a variable, is for all sockets of the process, those of Redis, PostgreSQL and the provider included.
/// <c>Socket</c> has the same for one socket, as a property that is not public (dotnet/runtime, Socket.Unix.cs, where it is kept for
/// callers from outside).
/// </remarks>
internal static class InlineCompletions
{
    /// <summary>The runtime's variable. With the value 0 an operator asks for no inline completion anywhere.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly bool IsWanted = Environment.GetEnvironmentVariable(Variable) != "0";

    /// <summary>Whether this runtime has the property. Without it everything works the same, at a higher cost for each request.</summary>
    public static bool IsSupported { get; } = Supports(static socket => SetPreferInlineCompletions(socket, true));

    /// <summary>From now on, and for operations that already wait, this socket's continuations run inline.</summary>
    public static void Enable(Socket socket)
    {
        if (IsSupported && IsWanted) SetPreferInlineCompletions(socket, true);
    }

    /// <param name="set">Calls an accessor, which the runtime binds at its first call.</param>
    internal static bool Supports(Action<Socket> set)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            set(socket);
            return true;
        }
        catch (MissingMethodException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(Socket socket, bool value);
}
