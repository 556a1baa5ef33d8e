using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FathomGateway.Proxy;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Listening;

/// <summary>
/// Refuses to start a gateway whose backend is one of its own listeners: one request would go round until there is no connection left.
/// The internal listener as backend would be open to everybody.
/// </summary>
internal static class BackendLoopCheck
{
    /// <summary>The start does not wait longer for a name; what cannot be resolved now may be right later.</summary>
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(2);

    public static void Check(SettingsReader settings, IReadOnlyList<ListenerAddress> listeners)
    {
        foreach (var (name, url) in Destinations(settings))
        {
            // Names are looked up only where the port is one of ours.
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

    /// <summary>Whether who connects to this address, at the listener's port, reaches the listener.</summary>
    public static bool Reaches(IPAddress address, ListenerAddress listener)
    {
        address = Plain(address);
        // No address in particular stands for this machine where it is connected to.
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        if (!listener.IsEverywhere) return address.Equals(Plain(listener.Address!));
        var isForIPv4 = listener.Address?.AddressFamily == AddressFamily.InterNetwork;
        var isServed = !isForIPv4 || address.AddressFamily == AddressFamily.InterNetwork;
        return isServed && (IPAddress.IsLoopback(address) || IsOfThisMachine(address));
    }

    private static IEnumerable<(string Name, Uri Url)> Destinations(SettingsReader settings)
    {
        if (settings.OptionalUrl(ProxyOptions.BackendUrlName) is { } backend) yield return (ProxyOptions.BackendUrlName, backend);
        foreach (var cluster in settings.Configuration.GetSection("ReverseProxy:Clusters").GetChildren())
        {
            // BACKEND_URL takes the place of these.
            if (cluster.Key == BackendClusterFilter.Id && settings.Optional(ProxyOptions.BackendUrlName) is not null) continue;
            foreach (var address in cluster.GetSection("Destinations").GetChildren().Select(one => one.GetSection("Address")))
            {
                if (Uri.TryCreate(address.Value, UriKind.Absolute, out var url)) yield return (KestrelSection.Name(address), url);
            }
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsOfThisMachine(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .Any(one => one.Address.Equals(address));

    private static IPAddress[] Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        // Of this machine whatever a name server says.
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
