using System.Net;
using System.Text;
using FathomGateway.Internal;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting;

/// <summary>The listeners and the server's limits.</summary>
internal static class Listeners
{
    private const int DefaultPort = 8080;
    internal const int DefaultManagementPort = 8081;

    /// <summary>No address in particular: IPv6 and IPv4, or IPv4 alone on machines without the former.</summary>
    private const IPAddress? Everywhere = null;

    /// <summary>A head must be there within this time, as with nginx and Node; a body has no such limit.</summary>
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Longer than a load balancer keeps an idle connection (ten minutes at Google, an hour at most at AWS): whoever closes first must be the one who sends, or a request meets the closing.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(65);

    public static IWebHostBuilder UseListeners(this IWebHostBuilder web, SettingsReader settings)
    {
        var port = settings.Port("PORT", DefaultPort);
        var managementPort = settings.Port("MANAGEMENT_PORT", DefaultManagementPort);
        var h2cPort = settings.Port("H2C_PORT", fallback: -1);
        if (port == managementPort && port != 0) settings.Fault("MANAGEMENT_PORT", "is the same as PORT: give the internal listener a port of its own.");
        if (h2cPort > 0 && (h2cPort == port || h2cPort == managementPort)) settings.Fault("H2C_PORT", "is taken by another listener of the gateway: choose a free one.");
        ConnectionCap.Check(settings);
        SocketCompletions.Warn(settings);
        var publicAddress = Address(settings, "PUBLIC_HOST", Everywhere);
        var managementAddress = Address(settings, "MANAGEMENT_HOST", IPAddress.Loopback);

        var ports = new ListenerPorts();
        return web.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(SocketCompletions.Configure).ConfigureServices(services => services.AddSingleton(ports).AddSingleton<IMemoryPoolFactory<byte>, RoomyMemoryPool>().AddSingleton<ConnectionCap>().AddSingleton<SocketTransportFactory>().AddSingleton<IConnectionListenerFactory, CappedTransport>()).ConfigureKestrel(server =>
        {
            server.Configure(settings.Configuration.GetSection("Kestrel"), reloadOnChange: false);
            SetLimits(server);
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

    private static void SetLimits(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        // Bodies and their pace are the backend's business; the gateway's own routes read none.
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Limits.RequestHeadersTimeout = HeadTimeout;
        server.Limits.KeepAliveTimeout = IdleTimeout;
        // Wider than Node, which takes 16 kB of request line and fields in all and has no limit on their number within that.
        server.Limits.MaxRequestLineSize = 16 * 1024;
        server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        server.Limits.MaxRequestHeaderCount = 1000;
        // Of an absolute target the authority counts, whatever Host says (RFC 9112, section 3.2.2); either is replaced by the backend's name.
        server.AllowHostHeaderOverride = true;
        // One byte is one character both ways, so that field values pass as they are, whatever their encoding.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    internal static IPAddress? Address(SettingsReader settings, string name, IPAddress? fallback)
    {
        settings.NoteDefault(name, fallback?.ToString() ?? "all interfaces");
        switch (settings.Optional(name))
        {
            case null: return fallback;
            case "localhost": return IPAddress.Loopback;
            case "*": return Everywhere;
            case var text when IPAddress.TryParse(text, out var address): return address;
            default:
                settings.Fault(name, "is no IP address: write one, such as 127.0.0.1, or * for all interfaces.");
                return fallback;
        }
    }
}
