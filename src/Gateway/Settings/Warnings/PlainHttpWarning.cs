using System.Net;

namespace FathomGateway.Settings.Warnings;

/// <summary>Addresses with http where it makes no sense: what passes there can be read and changed by whoever is on the way.</summary>
internal static class PlainHttpWarning
{
    /// <summary>
    /// Ends of names that no public name server knows (RFC 6761, 6762, 8375, and what hosts call their private networks).
    /// </summary>
    private static readonly string[] PrivateNames =
    [
        ".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp", ".private", ".svc", ".flycast", ".consul",
        ".docker", ".test", ".invalid",
    ];

    public static void WarnOfPlainHttp(this SettingsReader settings, string name, Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp || url.IsLoopback || !IsPublic(url)) return;
        settings.Warn(name, "is http, to a host of the public network: whoever is on the way reads and changes what passes. Write https.");
    }

    private static bool IsPublic(Uri url)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var address)) return !IPNetworks.IsPrivate(address);
        // One label is a name of the own network, such as a service of Docker's.
        return url.Host.Contains('.', StringComparison.Ordinal)
            && !PrivateNames.Any(end => url.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
