using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FathomGateway.Proxy;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Listening;

/// <summary>
/// Stops the start of a gateway whose backend address is one of its own listeners. Such a gateway would forward each request to itself
/// until connections run out. The internal listener as backend would be open to every client.
/// </summary>
internal static class BackendLoopCheck
{
    /// <summary>Time limit for a name at the start. A name that cannot be resolved now may be valid later.</summary>
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(2);

    public static void Check(SettingsReader settings, IReadOnlyList<ListenerAddress> listeners)
    {
        foreach (var (name, url) in Destinations(settings))
        {
            // Resolve names only where the port is one of the gateway's.
            var atPort = listeners.Where(one => one.Port != 0 && one.Port == url.Port).ToArray();
            if (atPort.Length == 0) continue;
            var addresses = Resolve(url.DnsSafeHost);
            if (Array.Find(atPort, one => addresses.Any(address => Reaches(address, one))) is not { } own) continue;
            settings.Fault(
                name,
                $"leads back to the gateway itself, which listens on port {own.Port} ({own.PortName}): "
                + "write the address of your existing backend, or give the gateway another port.");
        }
    }

    /// <summary>Whether a connection to this address at the listener's port reaches the listener.</summary>
    public static bool Reaches(IPAddress address, ListenerAddress listener)
    {
        address = IPNetworks.Plain(address);
        // A connection to the unspecified address goes to this machine.
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        if (!listener.IsAnyAddress) return address.Equals(IPNetworks.Plain(listener.Address!));
        var isForIPv4 = listener.Address?.AddressFamily == AddressFamily.InterNetwork;
        var isServed = !isForIPv4 || address.AddressFamily == AddressFamily.InterNetwork;
        return isServed && (IPAddress.IsLoopback(address) || IsOfThisMachine(address));
    }

    private static IEnumerable<(string Name, Uri Url)> Destinations(SettingsReader settings)
    {
        if (settings.OptionalUrl(ProxyOptions.BackendUrlName) is { } backend) yield return (ProxyOptions.BackendUrlName, backend);
        foreach (var cluster in settings.Configuration.GetSection("ReverseProxy:Clusters").GetChildren())
        {
            // BACKEND_URL replaces these.
            if (cluster.Key == BackendClusterFilter.Id && settings.Optional(ProxyOptions.BackendUrlName) is not null) continue;
            foreach (var address in cluster.GetSection("Destinations").GetChildren().Select(one => one.GetSection("Address")))
            {
                if (Uri.TryCreate(address.Value, UriKind.Absolute, out var url)) yield return (KestrelSection.Name(address), url);
            }
        }
    }

    private static bool IsOfThisMachine(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .Any(one => one.Address.Equals(address));

    private static IPAddress[] Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        // These names mean this machine, whatever a name server says.
        string[] own = ["localhost", Dns.GetHostName()];
        if (own.Contains(host, StringComparer.OrdinalIgnoreCase)) return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        try
        {
            return Dns.GetHostAddressesAsync(host).WaitAsync(ResolveLimit).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }
}
