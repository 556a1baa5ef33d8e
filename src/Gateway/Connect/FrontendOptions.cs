using FathomGateway.Connect.Cors;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Connect;

/// <summary>The app that users come from and return to.</summary>
/// <param name="ReturnUrl">
/// Where the callback sends the browser: the frontend's address and return path, without a query. It has a fragment where the app finds its
/// own pages by one (a hash router).
/// </param>
/// <param name="Origins">Whose pages may call <c>/fathom/connect</c>.</param>
internal sealed record FrontendOptions(string ReturnUrl, CorsOrigins Origins)
{
    public const string FrontendUrlName = "FRONTEND_URL";
    public const string ReturnPathName = "FRONTEND_RETURN_PATH";
    private const string DefaultReturnPath = "/dashboard";

    /// <summary>What a hash router's fragment begins with.</summary>
    private static readonly string[] Routes = ["#/", "#!/"];

    /// <summary>Whether the return address has a fragment already, which what is added to it then belongs to.</summary>
    public bool HasFragment => ReturnUrl.Contains('#', StringComparison.Ordinal);

    public static FrontendOptions? Read(SettingsReader settings)
    {
        var url = Address(settings);
        var path = settings.Optional(ReturnPathName, DefaultReturnPath);
        // A second slash or a backslash at the front would name another host to a browser.
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

        var fault = !AppUrl.TryParse(text, out var url) ? text.Contains('@', StringComparison.Ordinal)
                ? "carries a user name, or is no address: write it in full, such as https://app.example.com, without an @."
                : "is not an address: write it in full, such as https://app.example.com, or capacitor://localhost for an app with a scheme "
                    + "of its own."
            : url.Query.Length > 0 || text.Contains('?', StringComparison.Ordinal) ? "carries a query: leave out everything from the ? on."
            : url.Fragment.Length > 1 && !Array.Exists(Routes, route => url.Fragment.StartsWith(route, StringComparison.Ordinal)) ?
                "carries a fragment that is no route: leave out everything from the # on, or write #/ for a hash router."
            : null;
        if (fault is not null)
        {
            settings.Fault(FrontendUrlName, fault);
            return null;
        }

        settings.WarnOfPlainHttp(FrontendUrlName, url!);
        return url;
    }

    /// <summary>An app may live below a path; more often the page to return to was written into both settings.</summary>
    private static void WarnOfPath(SettingsReader settings, Uri url, string path)
    {
        var own = url.AbsolutePath.TrimEnd('/');
        if (own.Length == 0 || !AppUrl.IsOnTheWeb(url)) return;
        var isTwice = own.EndsWith(path.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && path.Length > 1;
        settings.Warn(FrontendUrlName, isTwice
            ? $"ends in the path that {ReturnPathName} adds to it, so that users would return to a page with that path twice: leave it out "
                + "of one of the two."
            : $"has a path, to which {ReturnPathName} is added: right for an app below that path, else leave the path out.");
    }

    /// <summary>As a Location field wants it, all escaped.</summary>
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
