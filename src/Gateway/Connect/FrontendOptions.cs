using FathomGateway.Settings;

namespace FathomGateway.Connect;

/// <summary>The app that users come from and return to.</summary>
/// <param name="ReturnUrl">Where the callback sends the browser: the frontend's address and return path, without a query.</param>
/// <param name="Origins">Origins (RFC 6454) whose pages may call <c>/fathom/connect</c>.</param>
internal sealed record FrontendOptions(string ReturnUrl, IReadOnlyList<string> Origins)
{
    public const string FrontendUrlName = "FRONTEND_URL";
    public const string ReturnPathName = "FRONTEND_RETURN_PATH";
    public const string OriginsName = "CORS_ORIGINS";
    private const string DefaultReturnPath = "/dashboard";

    public static FrontendOptions? Read(SettingsReader settings)
    {
        var url = settings.RequiredUrl(FrontendUrlName, "write the address of your app, where the browser returns to.");
        if (url is { Query.Length: > 0 })
        {
            settings.Fault(FrontendUrlName, "carries a query: leave out everything from the ? on.");
        }

        var path = settings.Optional(ReturnPathName, DefaultReturnPath);
        // A second slash or a backslash at the front would name another host to a browser.
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.AsSpan().ContainsAny('\\', '?', '#')
            || path.Any(char.IsControl))
        {
            settings.Fault(ReturnPathName, "is not a path: begin it with one /, and leave out ?, # and backslashes.");
        }

        settings.NoteDefault(OriginsName, "none");
        var origins = settings.List(OriginsName).Select(text => Origin(settings, text)).ToList();
        if (url is null) return null;
        // In ASCII, as a Location field wants it (RFC 3987, section 3.1).
        var ascii = new UriBuilder(url) { Host = url.IdnHost }.Uri;
        var address = ascii.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        return new FrontendOptions(
            address + new Uri(url, path).AbsolutePath,
            [.. origins.OfType<string>().Prepend(url.GetLeftPart(UriPartial.Authority)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether pages of this origin, as a browser writes it, may call the gateway's own routes.</summary>
    public bool Allows(string origin) => Origins.Contains(origin, StringComparer.Ordinal);

    private static string? Origin(SettingsReader settings, string text)
    {
        // A URL's own slash at the end is forgiven; a path, a wildcard or the word null is not an origin.
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
            && !text.Contains('*', StringComparison.Ordinal))
        {
            return url.GetLeftPart(UriPartial.Authority);
        }

        settings.Fault(
            OriginsName,
            "holds something that is no origin: write https://app.example.com, separated by commas, without paths or wildcards.");
        return null;
    }
}
