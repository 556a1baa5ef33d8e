using System.Net;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// Decides whether two addresses are same-site to a browser, as far as that is possible without the public suffix list, which has ten
/// thousand entries and changes weekly.
/// </summary>
internal static class SameSite
{
    /// <summary>Public suffixes of common hosts of apps, below which each name is a site of its own.</summary>
    private static readonly string[] PublicSuffixes =
    [
        "onrender.com", "vercel.app", "netlify.app", "github.io", "gitlab.io", "pages.dev", "workers.dev", "herokuapp.com", "fly.dev",
        "azurewebsites.net", "azurestaticapps.net",
        "web.app", "firebaseapp.com", "run.app", "appspot.com", "up.railway.app", "cloudfront.net", "ondigitalocean.app", "koyeb.app",
        "deno.dev", "surge.sh", "ngrok-free.app", "ngrok.io", "trycloudflare.com",
    ];

    /// <summary>Second-level labels of country domains.</summary>
    private static readonly string[] SecondLevelLabels =
    [
        "ac", "co", "com", "edu", "gob", "gov", "govt", "gv", "go", "ltd", "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc",
        "sch",
    ];

    /// <returns>The common site of both hosts, or null where they are different sites.</returns>
    public static string? Shared(Uri one, Uri other) =>
        one.Scheme == other.Scheme && Of(one.Host) is { } site && site == Of(other.Host) ? site : null;

    /// <summary>Whether the result needs no list: the hosts are equal, or one is below the other.</summary>
    public static bool IsCertain(Uri one, Uri other) =>
        one.Host == other.Host || IsBelow(one.Host, other.Host) || IsBelow(other.Host, one.Host);

    /// <summary>
    /// Number of labels at the end of a host that form the shortest registrable name: two, and three below a country's second-level label.
    /// </summary>
    public static int FixedLabels(string[] labels) =>
        labels is [.., var second, { Length: 2 }] && SecondLevelLabels.Contains(second) ? 3 : 2;

    /// <summary>
    /// Whether strangers can register a name that a pattern matches: it is directly below a shared name. Such names cannot contain two
    /// hyphens.
    /// </summary>
    public static bool IsOpenToStrangers(string pattern) =>
        Array.Exists(PublicSuffixes, name => IsBelow(pattern, name)
            && pattern[..^(name.Length + 1)] is var label && label.Contains('*', StringComparison.Ordinal)
            && !label.Contains('.', StringComparison.Ordinal) && !label.Contains("--", StringComparison.Ordinal));

    private static bool IsBelow(string host, string above) => host.EndsWith("." + above, StringComparison.OrdinalIgnoreCase);

    /// <summary>The registrable domain: one label more than the shared name. Null for a shared name itself.</summary>
    private static string? Of(string host)
    {
        if (IPAddress.TryParse(host, out _) || !host.Contains('.', StringComparison.Ordinal)) return host;
        var labels = host.ToLowerInvariant().Split('.');
        var shared = Array.Find(
            PublicSuffixes, name => IsBelow(host, name) || host.Equals(name, StringComparison.OrdinalIgnoreCase))?.Split('.').Length
            ?? (FixedLabels(labels) - 1);
        return labels.Length > shared ? string.Join('.', labels[^(shared + 1)..]) : null;
    }
}
