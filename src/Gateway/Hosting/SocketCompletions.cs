using System.Globalization;
using System.Net;
using FathomGateway.Tcp;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting;

/// <summary>
/// Lets the runtime finish socket operations on the threads that the kernel wakes, a few of them, instead of handing each to the thread pool:
/// a proxied request is a dozen short steps, and every hand-over costs more than a step. See docs/performance.md for what it gives.
/// </summary>
internal static class SocketCompletions
{
    private static readonly HashSet<string> SetHere = [];

    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Must run before the first socket is made, which is when the runtime reads the variables; what an operator has set stands.</summary>
    /// <remarks>In return nothing may block such a thread: whatever is synchronous (SQLite, migrations) runs on the thread pool.</remarks>
    public static void RunInline()
    {
        Default(Inline, "1");
        // The runtime would take one a core; with half as many each finds more to do when it is woken, and wakes up less often.
        Default(Threads, Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture));
    }

    private static void Default(string variable, string value)
    {
        if (Environment.GetEnvironmentVariable(variable) is not null) return;
        Environment.SetEnvironmentVariable(variable, value);
        SetHere.Add(variable);
    }

    /// <summary>The variables, each with whether it has its value from here rather than from an operator.</summary>
    public static IEnumerable<(string Name, bool IsDefault)> Variables => [(Inline, SetHere.Contains(Inline)), (Threads, SetHere.Contains(Threads))];

    /// <summary>The server's side of the same, and connections whose client has vanished.</summary>
    public static void KeepOnTheirThread(SocketTransportOptions sockets)
    {
        sockets.UnsafePreferInlineScheduling = true;
        // An idle connection, of which there may be thousands, holds no buffer.
        sockets.WaitForDataBeforeAllocatingBuffer = true;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            if (endpoint is IPEndPoint) DeadPeers.Notice(socket);
            return socket;
        };
    }
}
