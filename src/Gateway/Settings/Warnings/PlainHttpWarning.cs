using System.Net;

namespace FathomGateway.Settings.Warnings;

/// <summary>Warns of http addresses where others on the network path could read and change the data.</summary>
internal static class PlainHttpWarning
{
    /// <summary>Suffixes of names that no public DNS has (RFC 6761, 6762, 8375, and hosts' private networks).</summary>
    private static readonly string[] PrivateNames =
    [
        ".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp", ".private", ".svc", ".flycast", ".consul",
        ".docker", ".test", ".invalid",
    ];

    public static void WarnOfPlainHttp(this SettingsReader settings, string name, Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp || url.IsLoopback || !IsPublic(url)) return;
        settings.Warn(name, "is http, to a host of the public network: others on the way can read and change the data. Write https.");
    }

    private static bool IsPublic(Uri url)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var address)) return !IPNetworks.IsPrivate(address);
        // A single label is a name of the local network, such as a Docker service.
        return url.Host.Contains('.', StringComparison.Ordinal)
            && !PrivateNames.Any(end => url.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
