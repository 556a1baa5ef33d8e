using FathomGateway.Connect.Cors;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Connect;

/// <summary>Where the callback sends browsers, and which origins may call the gateway.</summary>
/// <param name="ReturnUrl">The address that the callback redirects to: the frontend's address and return path, without a query. It has a
/// fragment where the app uses a hash router.</param>
/// <param name="Origins">Origins whose pages may call <c>/fathom/connect</c>.</param>
internal sealed record FrontendOptions(string ReturnUrl, CorsOrigins Origins)
{
    public const string FrontendUrlName = "FRONTEND_URL";
    public const string ReturnPathName = "FRONTEND_RETURN_PATH";
    private const string DefaultReturnPath = "/dashboard";

    /// <summary>Beginnings of a hash router's fragment.</summary>
    private static readonly string[] Routes = ["#/", "#!/"];

    /// <summary>Whether the return address already has a fragment, so that additions belong to it.</summary>
    public bool HasFragment => ReturnUrl.Contains('#', StringComparison.Ordinal);

    public static FrontendOptions? Read(SettingsReader settings)
    {
        var url = Address(settings);
        var path = settings.Optional(ReturnPathName, DefaultReturnPath);
        // With a second slash or a backslash at the start, browsers would read the path as the address of another host.
        if (path is not ['/' or '#', ..] || path.StartsWith("//", StringComparison.Ordinal)
            || path.AsSpan().ContainsAny('\\', '?') || path.Any(char.IsControl))
        {
            settings.Fault(ReturnPathName, "is not a path: begin it with one / (or #/ for a hash router), and leave out ? and "
                + "backslashes.");
        }

        if (path.Count(letter => letter == '#') + (url?.OriginalString.Count(letter => letter == '#') ?? 0) > 1)
        {
            settings.Fault(ReturnPathName, $"has a second #: of {FrontendUrlName} and {ReturnPathName} together, one has a # at most.");
        }

        var origins = CorsOrigins.Read(settings, url);
        if (url is null || settings.IsFaulty(ReturnPathName)) return null;
        WarnOfPath(settings, url, path);
        return new FrontendOptions(Join(url, path), origins);
    }

    private static Uri? Address(SettingsReader settings)
    {
        if (settings.Required(FrontendUrlName, "write the address of your app, where the browser returns to.") is not { Length: > 0 } text)
        {
            return null;
        }

        if (FaultOf(text, out var url) is { } fault)
        {
            settings.Fault(FrontendUrlName, fault);
            return null;
        }

        settings.WarnOfPlainHttp(FrontendUrlName, url!);
        return url;
    }

    private static string? FaultOf(string text, out Uri? url)
    {
        if (!AppUrl.TryParse(text, out url))
        {
            return text.Contains('@', StringComparison.Ordinal)
                ? "carries a user name, or is no address: write it in full, such as https://app.example.com, without an @."
                : "is not an address: write it in full, such as https://app.example.com, or capacitor://localhost for an app with a scheme "
                    + "of its own.";
        }

        var hasQuery = url.Query.Length > 0 || text.Contains('?', StringComparison.Ordinal);
        if (hasQuery) return "carries a query: leave out everything from the ? on.";
        var fragment = url.Fragment;
        return fragment.Length > 1 && !Array.Exists(Routes, route => fragment.StartsWith(route, StringComparison.Ordinal))
            ? "carries a fragment that is no route: leave out everything from the # on, or write #/ for a hash router."
            : null;
    }

    /// <summary>
    /// Warns of an address with a path. An app may be below a path. More often the return path was written into both settings.
    /// </summary>
    private static void WarnOfPath(SettingsReader settings, Uri url, string path)
    {
        var own = url.AbsolutePath.TrimEnd('/');
        if (own.Length == 0 || !AppUrl.IsHttp(url)) return;
        var isTwice = own.EndsWith(path.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && path.Length > 1;
        settings.Warn(FrontendUrlName, isTwice
            ? $"ends in the path that {ReturnPathName} adds to it, so that users would return to a page with that path twice: leave it out "
                + "of one of the two."
            : $"has a path, to which {ReturnPathName} is added: right for an app below that path, else leave the path out.");
    }

    /// <summary>The address in escaped form for a Location field.</summary>
    private static string Join(Uri url, string path)
    {
        var page = AppUrl.Root(url) + url.AbsolutePath.TrimEnd('/');
        if (url.OriginalString.Contains('#', StringComparison.Ordinal))
        {
            return $"{page}/{Fragment(url.Fragment.TrimStart('#').TrimEnd('/') + path)}";
        }

        var mark = path.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 ? page + Path(path) : page + Path(mark == 0 ? "/" : path[..mark]) + Fragment(path[(mark + 1)..]);
    }

    private static string Path(string path) => new Uri(new Uri("https://x"), path).AbsolutePath;

    private static string Fragment(string route) => new Uri($"https://x/#{route}").Fragment;
}
