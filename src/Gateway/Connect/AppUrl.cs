using System.Diagnostics.CodeAnalysis;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Connect;

/// <summary>
/// Addresses of apps: web pages, and apps whose pages have a scheme of their own (<c>capacitor://localhost</c>, <c>ionic://localhost</c>,
/// <c>tauri://localhost</c>, <c>com.example.app://done</c>; RFC 8252, section 7.1).
/// </summary>
internal static class AppUrl
{
    /// <summary>Schemes that no app has. With some of them a browser would run or show the content of the address.</summary>
    private static readonly string[] NonAppSchemes =
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

    public static bool IsHttp(Uri url) => url.Scheme is "http" or "https";

    /// <summary>Scheme, host and port. A web host is in ASCII, as header fields require (RFC 3987, section 3.1).</summary>
    public static string Root(Uri url) => IsHttp(url)
        ? new UriBuilder(url) { Host = url.IdnHost }.Uri.GetLeftPart(UriPartial.Authority)
        : $"{url.Scheme}://{url.Authority}";

    private static bool IsOfApp(Uri url) => IsHttp(url)
        ? url.Host.Length > 0
        // A scheme that is similar to https or http is a misspelling, not the scheme of an app.
        : !NonAppSchemes.Contains(url.Scheme)
            && EditDistance.Between(url.Scheme, "https") > 2
            && EditDistance.Between(url.Scheme, "http") > 1;
}
