using System.Net;
using FathomGateway.Settings;

namespace FathomGateway.Connect.Clients;

/// <summary>
/// Determines a client's address behind proxies. Only the networks of <c>TRUSTED_PROXIES</c> are trusted, by default none, because any
/// client can write <c>X-Forwarded-For</c>. Only rate limits and the audit log use the result. Proxied requests keep their fields.
/// </summary>
internal sealed class TrustedProxies(IReadOnlyList<IPNetwork> networks)
{
    public const string ProxiesName = "TRUSTED_PROXIES";
    public const string ForwardedFor = "X-Forwarded-For";

    public static TrustedProxies Read(SettingsReader settings)
    {
        settings.NoteDefault(ProxiesName, "none");
        var networks = new List<IPNetwork>();
        foreach (var text in settings.List(ProxiesName))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else settings.Fault(
                ProxiesName,
                "holds something that is no network: write 10.0.0.0/8 or 2001:db8::/32, separated by commas, with all bits after the "
                    + "prefix zero.");
        }

        return new TrustedProxies(networks);
    }

    /// <summary>
    /// The peer's address or, where that is a trusted proxy, the address that the proxy reports, and so on. Proxies append to the field, so
    /// it is read from its end. Values that a client wrote at its start are never reached.
    /// </summary>
    public IPAddress? ClientOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } peer) return null;
        var client = IPNetworks.Plain(peer);
        if (!IsTrusted(client)) return client;
        foreach (var hop in string.Join(',', context.Request.Headers[ForwardedFor].AsEnumerable()).Split(',').Reverse())
        {
            if (!IPEndPoint.TryParse(hop.Trim(), out var named)) break;
            client = IPNetworks.Plain(named.Address);
            if (!IsTrusted(client)) break;
        }

        return client;
    }

    public bool IsTrusted(IPAddress address) => networks.Any(network => network.Contains(address));
}
