using System.Diagnostics.CodeAnalysis;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Connect;

/// <summary>
/// Addresses of apps: pages on the web, and apps whose pages have a scheme of their own (<c>capacitor://localhost</c>,
/// <c>ionic://localhost</c>, <c>tauri://localhost</c>, <c>com.example.app://done</c>; RFC 8252, section 7.1).
/// </summary>
internal static class AppUrl
{
    /// <summary>Schemes of something else, some of which would run or show what the address holds.</summary>
    private static readonly string[] NotOfApps =
    [
        "javascript", "vbscript", "data", "blob", "about", "file", "filesystem", "view-source", "ws", "wss", "ftp", "ftps", "sftp", "ssh",
        "mailto", "tel", "sms", "urn",
        "redis", "rediss", "postgres", "postgresql", "mysql", "mongodb", "amqp", "jdbc", "tcp", "unix", "git", "ldap", "jar", "chrome",
        "edge", "content", "intent", "resource",
    ];

    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && text.Contains("://", StringComparison.Ordinal)
        && url.UserInfo.Length == 0 && IsOfApp(url);

    public static bool IsOnTheWeb(Uri url) => url.Scheme is "http" or "https";

    /// <summary>Scheme, host and port: the host in ASCII, as fields want it (RFC 3987, section 3.1), where it is one of the web.</summary>
    public static string Root(Uri url) => IsOnTheWeb(url)
        ? new UriBuilder(url) { Host = url.IdnHost }.Uri.GetLeftPart(UriPartial.Authority)
        : $"{url.Scheme}://{url.Authority}";

    private static bool IsOfApp(Uri url) => IsOnTheWeb(url)
        ? url.Host.Length > 0
        // A misspelt https is no scheme of an app.
        : !NotOfApps.Contains(url.Scheme) && EditDistance.Between(url.Scheme, "https") > 2 && EditDistance.Between(url.Scheme, "http") > 1;
}
