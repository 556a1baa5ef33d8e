using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Settings;

/// <summary>IP addresses and their networks.</summary>
internal static class IPNetworks
{
    /// <summary>
    /// Private ranges (RFC 1918, 6598, 4193, 3927, 4291). Peers in them are proxies, containers or this machine, and their address stands
    /// for all clients behind them.
    /// </summary>
    private static readonly IPNetwork[] Private =
    [
        .. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
            "::1/128", "fc00::/7", "fe80::/10" }
            .Select(text => IPNetwork.Parse(text)),
    ];

    public static bool IsPrivate(IPAddress address) => Private.Any(network => network.Contains(address));

    /// <summary>Converts an IPv4-mapped IPv6 address to IPv4.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The address with all bits after the prefix cleared, as <c>address/bits</c>.</summary>
    public static string Of(IPAddress address, int v4Bits, int v6Bits)
    {
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? v4Bits : v6Bits;
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (i * 8), 0, 8));
        return $"{new IPAddress(bytes)}/{bits}";
    }
}
