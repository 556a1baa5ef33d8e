using FathomGateway.Connect.Binding;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Connect.Cors;

/// <summary>
/// The CORS policy's allowed origins (RFC 6454), whose pages may call the gateway's routes: that of <c>FRONTEND_URL</c> and those of
/// <c>CORS_ORIGINS</c>.
/// </summary>
internal sealed class CorsOrigins(IReadOnlySet<string> origins, IReadOnlyList<CorsOriginPattern> patterns)
{
    public const string OriginsName = "CORS_ORIGINS";

    private const string Remedy =
        "holds something that is no origin: write https://app.example.com, separated by commas, without paths; "
        + "one asterisk may stand for letters and digits within a label, never in the last two.";

    /// <param name="frontend">Null where <c>FRONTEND_URL</c> has a fault.</param>
    public static CorsOrigins Read(SettingsReader settings, Uri? frontend)
    {
        settings.NoteDefault(OriginsName, "none");
        var origins = new HashSet<string>(StringComparer.Ordinal);
        var patterns = new List<CorsOriginPattern>();
        if (frontend is not null && Of(frontend) is { } own) origins.Add(own);
        foreach (var text in settings.List(OriginsName))
        {
            if (text.Contains('*', StringComparison.Ordinal) && CorsOriginPattern.Parse(text) is { } pattern)
            {
                Add(settings, patterns, pattern);
            }
            else if (Parse(settings, text) is { } origin) origins.Add(origin);
            else settings.Fault(OriginsName, Remedy);
        }

        return new CorsOrigins(origins, patterns);
    }

    /// <param name="origin">The <c>Origin</c> field as received. Browsers write an origin in one form only.</param>
    public bool Allow(string origin) => origins.Contains(origin) || patterns.Any(pattern => pattern.Matches(origin));

    /// <summary>The origin as browsers write it; null where the address has no host, because its pages have an opaque origin.</summary>
    private static string? Of(Uri url)
    {
        if (AppUrl.IsHttp(url)) return AppUrl.Root(url);
        return url.Authority.Length > 0 ? AppUrl.Root(url).ToLowerInvariant() : null;
    }

    /// <summary>Accepts a URL's trailing slash. A path, or the word null, is no origin.</summary>
    private static string? Parse(SettingsReader settings, string text)
    {
        if (!AppUrl.TryParse(text, out var url) || url.AbsolutePath.Length > 1 || text.AsSpan().ContainsAny("*?#@")) return null;
        settings.WarnOfPlainHttp(OriginsName, url);
        return Of(url);
    }

    private static void Add(SettingsReader settings, List<CorsOriginPattern> patterns, CorsOriginPattern pattern)
    {
        patterns.Add(pattern);
        if (SameSite.IsOpenToStrangers(pattern.Host))
        {
            settings.Warn(OriginsName, "has a * under a name at which anyone can have an app, and choose what it matches: prefer a name "
                + "of your own.");
        }
    }
}
