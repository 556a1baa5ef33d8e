using System.Net;
using FathomGateway.Hosting.Kestrel;
using FathomGateway.Internal;
using FathomGateway.Limits.Connections;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Listening;

/// <summary>Sets up the listeners and the server's limits.</summary>
internal static class ListenerSetup
{
    private const int DefaultPort = 8080;
    internal const int DefaultManagementPort = 8081;

    /// <summary>The variable of other ASP.NET services. The server would open further listeners for it.</summary>
    private const string FrameworkUrlsName = "ASPNETCORE_URLS";

    /// <summary>The unspecified address: IPv6 and IPv4, or IPv4 alone on machines without IPv6.</summary>
    private const IPAddress? AnyAddress = null;

    public static IWebHostBuilder UseListeners(this IWebHostBuilder web, SettingsReader settings)
    {
        var port = settings.Port("PORT", DefaultPort);
        var managementPort = settings.Port("MANAGEMENT_PORT", DefaultManagementPort);
        var h2cPort = settings.Port("H2C_PORT", fallback: -1);
        if (port == managementPort && port != 0)
        {
            settings.Fault("MANAGEMENT_PORT", "is the same as PORT: give the internal listener another port.");
        }

        if (h2cPort > 0 && (h2cPort == port || h2cPort == managementPort))
        {
            settings.Fault("H2C_PORT", "is taken by another listener of the gateway: choose a free one.");
        }

        SocketCompletionMode.Warn(settings);
        if (settings.Optional(FrameworkUrlsName) is not null)
        {
            settings.Warn(FrameworkUrlsName, "is not read: PORT and PUBLIC_HOST say where the gateway listens.");
        }

        var publicAddress = Address(settings, "PUBLIC_HOST", AnyAddress);
        var managementAddress = Address(settings, "MANAGEMENT_HOST", IPAddress.Loopback);

        List<ListenerAddress> listeners =
        [
            new("PORT", "PUBLIC_HOST", publicAddress, port),
            new("MANAGEMENT_PORT", "MANAGEMENT_HOST", managementAddress, managementPort),
            .. KestrelSection.Read(settings),
        ];
        if (h2cPort >= 0) listeners.Add(new("H2C_PORT", "PUBLIC_HOST", publicAddress, h2cPort));
        BackendLoopCheck.Check(settings, listeners);
        var ports = new ListenerPorts();
        web.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(SocketCompletionMode.Configure);
        return web.ConfigureServices(services => services
            .PostConfigure<SocketTransportOptions>(sockets => ListenException.Explain(sockets, settings, listeners))
            .AddSingleton(ports)
            .AddSingleton<LargeBlockMemoryPool>()
            .AddSingleton<IMemoryPoolFactory<byte>>(own => own.GetRequiredService<LargeBlockMemoryPool>())
            .AddSingleton<SocketTransportFactory>()
            .AddSingleton<IConnectionListenerFactory, LimitedSocketTransport>()
            .AddHostedService<LimitMetrics>()).ConfigureKestrel(server =>
        {
            server.Configure(settings.Configuration.GetSection("Kestrel"), reloadOnChange: false);
            KestrelLimits.Set(server);
            server.ConfigureEndpointDefaults(listener =>
            {
                ConflictingContentLength.Watch(listener);
                ServerConnection.Watch(listener);
            });
            Listen(server, publicAddress, port, listener => ports.PublicListener = listener);
            if (h2cPort >= 0) Listen(server, publicAddress, h2cPort, listener => listener.Protocols = HttpProtocols.Http2);

            Listen(server, managementAddress, managementPort, listener =>
            {
                ports.InternalListener = listener;
                InternalListener.MarkConnections(listener);
            });
        });
    }

    private static void Listen(KestrelServerOptions server, IPAddress? address, int port, Action<ListenOptions> configure)
    {
        if (address is null) server.ListenAnyIP(port, configure);
        else server.Listen(address, port, configure);
    }

    internal static IPAddress? Address(SettingsReader settings, string name, IPAddress? fallback)
    {
        settings.NoteDefault(name, fallback?.ToString() ?? "all interfaces");
        switch (settings.Optional(name))
        {
            case null: return fallback;
            case "localhost": return IPAddress.Loopback;
            case "*": return AnyAddress;
            case var text when IPAddress.TryParse(text, out var address): return address;
            default:
                settings.Fault(name, "is no IP address: write one, such as 127.0.0.1, or * for all interfaces.");
                return fallback;
        }
    }
}
