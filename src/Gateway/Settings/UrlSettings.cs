using FathomGateway.Settings.Warnings;

namespace FathomGateway.Settings;

/// <summary>Reads settings that are URLs, and shows URLs without their secret parts.</summary>
internal static class UrlSettings
{
    /// <summary>An absolute http or https URL, or null with a fault. A missing one is a fault too.</summary>
    public static Uri? RequiredUrl(this SettingsReader settings, string name, string remedy) =>
        settings.Required(name, remedy) is { Length: > 0 } text ? settings.Parse(name, text) : null;

    /// <summary>An absolute http or https URL, or null where it is not set or faulty.</summary>
    public static Uri? OptionalUrl(this SettingsReader settings, string name) =>
        settings.Optional(name) is { } text ? settings.Parse(name, text) : null;

    /// <summary>A URL that receives secrets: https, or http to the loopback interface.</summary>
    public static Uri? RequireTls(this SettingsReader settings, string name, Uri? url)
    {
        if (url is null || url.Scheme == Uri.UriSchemeHttps || url.IsLoopback) return url;
        settings.Fault(name, "sends secrets in the clear: use https (http is for loopback only).");
        return null;
    }

    /// <summary>The URL for messages, without query, user name and password, which may be secret.</summary>
    public static string Shown(this Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static Uri? Parse(this SettingsReader settings, string name, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            settings.Fault(name, "is not an address: write it in full, such as https://app.example.com.");
            return null;
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            settings.Fault(name, "carries a user name or a fragment: leave out everything before an @ and after a #.");
            return null;
        }

        settings.WarnOfPlainHttp(name, url);
        return url;
    }
}
