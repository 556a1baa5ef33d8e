using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting;

/// <summary>
/// Lets the runtime finish socket operations on the threads that the kernel wakes, one a core, instead of handing each to the thread pool:
/// a proxied request is a dozen short steps, and every hand-over costs more than a step. See docs/performance.md for what it gives.
/// </summary>
internal static class SocketCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Must run before the first socket is made, which is when the runtime reads the variable; what an operator has set stands.</summary>
    /// <remarks>In return nothing may block such a thread: whatever is synchronous (SQLite, migrations) runs on the thread pool.</remarks>
    public static void RunInline()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }

    /// <summary>The server's side of the same.</summary>
    public static void KeepOnTheirThread(SocketTransportOptions sockets)
    {
        sockets.UnsafePreferInlineScheduling = true;
        // Asking first whether there is data saves a buffer of 4 kB on an idle connection, and costs a system call on every request.
        sockets.WaitForDataBeforeAllocatingBuffer = false;
    }
}
