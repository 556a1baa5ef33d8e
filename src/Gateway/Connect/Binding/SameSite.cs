using System.Net;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// What a browser takes for one site, as far as can be told without the public suffix list, which has ten thousand entries and changes
/// every week.
/// </summary>
internal static class SameSite
{
    /// <summary>
    /// Names under which strangers live side by side, of those that apps of this kind are hosted at: each name below them is a site of its
    /// own.
    /// </summary>
    private static readonly string[] SharedNames =
    [
        "onrender.com", "vercel.app", "netlify.app", "github.io", "gitlab.io", "pages.dev", "workers.dev", "herokuapp.com", "fly.dev",
        "azurewebsites.net", "azurestaticapps.net",
        "web.app", "firebaseapp.com", "run.app", "appspot.com", "up.railway.app", "cloudfront.net", "ondigitalocean.app", "koyeb.app",
        "deno.dev", "surge.sh", "ngrok-free.app", "ngrok.io", "trycloudflare.com",
    ];

    /// <summary>What countries put between a name and their own two letters.</summary>
    private static readonly string[] BelowCountries =
    [
        "ac", "co", "com", "edu", "gob", "gov", "govt", "gv", "go", "ltd", "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc",
        "sch",
    ];

    /// <returns>The name that both hosts share as one site, or null where they are two.</returns>
    public static string? Shared(Uri one, Uri other) =>
        one.Scheme == other.Scheme && Of(one.Host) is { } site && site == Of(other.Host) ? site : null;

    /// <summary>One host; or of two, one that the other stands below: then no list is needed.</summary>
    public static bool IsCertain(Uri one, Uri other) =>
        one.Host == other.Host || IsBelow(one.Host, other.Host) || IsBelow(other.Host, one.Host);

    /// <summary>
    /// How many labels at the end of a host make the shortest name that somebody can have: two, and three below a country's own order.
    /// </summary>
    public static int FixedLabels(string[] labels) => labels is [.., var second, { Length: 2 }] && BelowCountries.Contains(second) ? 3 : 2;

    /// <summary>
    /// Whether strangers can have a name that a pattern stands for: it lies right below a name that is shared. Two hyphens are no part of
    /// a name that one can choose there.
    /// </summary>
    public static bool IsOpenToStrangers(string pattern) =>
        Array.Exists(SharedNames, name => IsBelow(pattern, name)
            && pattern[..^(name.Length + 1)] is var label && label.Contains('*', StringComparison.Ordinal)
            && !label.Contains('.', StringComparison.Ordinal) && !label.Contains("--", StringComparison.Ordinal));

    private static bool IsBelow(string host, string above) => host.EndsWith("." + above, StringComparison.OrdinalIgnoreCase);

    /// <summary>The registrable domain: one label more than a name that is shared. Null for the shared name itself.</summary>
    private static string? Of(string host)
    {
        if (IPAddress.TryParse(host, out _) || !host.Contains('.', StringComparison.Ordinal)) return host;
        var labels = host.ToLowerInvariant().Split('.');
        var shared = Array.Find(
            SharedNames, name => IsBelow(host, name) || host.Equals(name, StringComparison.OrdinalIgnoreCase))?.Split('.').Length
            ?? (FixedLabels(labels) - 1);
        return labels.Length > shared ? string.Join('.', labels[^(shared + 1)..]) : null;
    }
}
