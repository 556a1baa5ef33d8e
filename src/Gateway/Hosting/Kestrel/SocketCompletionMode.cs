using System.Globalization;
using System.Net;
using FathomGateway.Limits.Connections;
using FathomGateway.Settings;
using FathomGateway.Tcp;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Selects the threads for socket completions: inline on the socket threads for forwarded requests, on the thread pool for everything else.
/// </summary>
internal static class SocketCompletionMode
{
    private const string ThreadCountName = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private static bool _threadCountIsOurs;
    private static bool _inlineWasCleared;

    /// <summary>Must run before the first socket is created, because the runtime reads its variables then.</summary>
    public static void Prepare()
    {
        // With this variable the continuations of Redis, PostgreSQL and the provider would run on the forwarding threads, and one that
        // blocks would stop the gateway.
        if (Environment.GetEnvironmentVariable(InlineCompletions.InlineName) is not (null or "0"))
        {
            Environment.SetEnvironmentVariable(InlineCompletions.InlineName, null);
            _inlineWasCleared = true;
        }

        // By default the runtime uses one socket thread for thirty cores, because its threads only hand over. Here they forward. With half
        // as many threads as cores, each finds more work per wake-up. 0 or an invalid number would break the first connection.
        var given = Environment.GetEnvironmentVariable(ThreadCountName);
        if (int.TryParse(given, CultureInfo.InvariantCulture, out var count) && count > 0) return;
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        Environment.SetEnvironmentVariable(ThreadCountName, threads.ToString(CultureInfo.InvariantCulture));
        _threadCountIsOurs = true;
    }

    /// <summary>Warnings for the operator at the start.</summary>
    public static void Warn(SettingsReader settings)
    {
        if (_inlineWasCleared)
        {
            settings.Warn($"{InlineCompletions.InlineName} is ignored: the gateway completes inline where it forwards, and nowhere else.");
        }

        if (!InlineCompletions.IsSupported)
        {
            settings.Warn(
                "This .NET runtime has no inline completions for single sockets: all works, and a proxied request costs more CPU time.");
        }
    }

    /// <summary>The variables, each with whether its value comes from here and not from an operator.</summary>
    public static IEnumerable<(string Name, bool IsDefault)> Variables =>
        [(InlineCompletions.InlineName, false), (ThreadCountName, _threadCountIsOurs)];

    public static void Configure(SocketTransportOptions sockets)
    {
        // The server continues on the thread that completed the socket operation: a socket thread for marked connections, the thread pool
        // for others.
        sockets.UnsafePreferInlineScheduling = true;
        // Idle connections, of which there may be thousands, hold no buffer.
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
    /// Marks the connection of each request that reaches this point on its way to the backend. Connections of the internal listener and
    /// connections without a request are not marked. TLS handshakes, which a client certificate can slow down, are complete.
    /// </summary>
    public static IApplicationBuilder UseInlineCompletions(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (ClientConnection.Of(context) is { CompletesInline: false } connection) connection.CompleteInline();
        return next(context);
    });
}
