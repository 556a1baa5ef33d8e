using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FathomGateway.Tcp;

/// <summary>
/// Makes the operations of single sockets complete inline, on the thread of the runtime's socket engine that epoll wakes, instead of on the
/// thread pool. A proxied request is a dozen short steps, and each hand-over costs more than a step. Such a thread serves many connections,
/// so only sockets whose continuations never block may be marked: those of forwarded requests.
/// </summary>
/// <remarks>
/// The runtime's environment variable would apply to all sockets of the process, including those of Redis, PostgreSQL and the provider.
/// <c>Socket</c> has the same option for one socket as a non-public property (dotnet/runtime, Socket.Unix.cs, where it is kept for external
/// callers).
/// </remarks>
internal static class InlineCompletions
{
    /// <summary>The runtime's variable. With the value 0 an operator disables all inline completions.</summary>
    public const string InlineName = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly bool IsWanted = Environment.GetEnvironmentVariable(InlineName) != "0";

    /// <summary>Whether this runtime has the property. Without it the gateway works the same at a higher cost per request.</summary>
    public static bool IsSupported { get; } = Supports(static socket => SetPreferInlineCompletions(socket, true));

    /// <summary>From now on this socket's continuations run inline, pending operations included.</summary>
    public static void Enable(Socket socket)
    {
        if (IsSupported && IsWanted) SetPreferInlineCompletions(socket, true);
    }

    /// <param name="set">Calls the accessor, which the runtime binds at its first call.</param>
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
