using System.Globalization;
using System.Net;
using FathomGateway.Settings;
using FathomGateway.Tcp;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Which threads socket operations complete on: inline on the socket engine's for connections that are forwarded, on the thread pool's for
/// all others.
/// </summary>
internal static class SocketCompletionMode
{
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private static bool _threadCountIsOurs;
    private static bool _inlineWasCleared;

    /// <summary>Runs before the first socket is made, which is when the runtime reads its variables.</summary>
    public static void Prepare()
    {
        // With it, the continuations of Redis, PostgreSQL and the provider would run on the threads that forward, and whatever blocks would
        // stop the gateway.
        if (Environment.GetEnvironmentVariable(InlineCompletions.Variable) is not (null or "0"))
        {
            Environment.SetEnvironmentVariable(InlineCompletions.Variable, null);
            _inlineWasCleared = true;
        }

        // The runtime would take one thread for thirty cores, for it expects that they only hand over. Here they forward. With half as many
        // as cores each finds more to do when it is woken, and wakes up less often. None at all (0), or no number, would break the first
        // connection.
        if (int.TryParse(Environment.GetEnvironmentVariable(ThreadCount), CultureInfo.InvariantCulture, out var count) && count > 0) return;
        Environment.SetEnvironmentVariable(ThreadCount, Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture));
        _threadCountIsOurs = true;
    }

    /// <summary>What an operator should know at the start.</summary>
    public static void Warn(SettingsReader settings)
    {
        if (_inlineWasCleared)
        {
            settings.Warn($"{InlineCompletions.Variable} is ignored: the gateway completes inline where it forwards, and nowhere else.");
        }

        if (!InlineCompletions.IsSupported)
        {
            settings.Warn("This .NET runtime has no inline completions for single sockets: all works, and a proxied request costs more CPU time.");
        }
    }

    /// <summary>The variables, each with whether it has its value from here rather than from an operator.</summary>
    public static IEnumerable<(string Name, bool IsDefault)> Variables =>
        [(InlineCompletions.Variable, false), (ThreadCount, _threadCountIsOurs)];

    public static void Configure(SocketTransportOptions sockets)
    {
        // The server's steps run where the socket's operation completed: on a socket thread for a marked connection, on the thread pool for
        // any other.
        sockets.UnsafePreferInlineScheduling = true;
        // An idle connection, of which there may be thousands, holds no buffer.
        sockets.WaitForDataBeforeAllocatingBuffer = true;
        sockets.MaxReadBufferSize = KestrelLimits.ReadAhead;
        sockets.MaxWriteBufferSize = KestrelLimits.WriteAhead;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            if (endpoint is IPEndPoint) TcpKeepAlive.Enable(socket);
            return socket;
        };
    }

    /// <summary>
    /// Marks the connection of each request that gets here, on its way to the backend. Connections of the internal listener do not get
    /// here, nor do those that bring no request. TLS handshakes, which a client's certificate may make slow, are over by now. To mark a
    /// connection again costs next to nothing.
    /// </summary>
    public static IApplicationBuilder UseInlineCompletions(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket) InlineCompletions.Enable(socket);
        return next(context);
    });
}
