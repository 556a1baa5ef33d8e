using System.Net;
using System.Text.RegularExpressions;
using FathomGateway.Connect.Binding;

namespace FathomGateway.Connect.Cors;

/// <summary>
/// An entry of <c>CORS_ORIGINS</c> with one <c>*</c>, which stands for letters and digits within one label of the host:
/// <c>https://deploy-preview-*--site.netlify.app</c>.
/// </summary>
internal sealed partial class CorsOriginPattern
{
    private readonly string _before;
    private readonly string _after;

    private CorsOriginPattern(string before, string after, string host) => (_before, _after, Host) = (before, after, host);

    /// <summary>The host, including the asterisk.</summary>
    public string Host { get; }

    /// <summary>Null where the text is no pattern: not exactly one asterisk, or one in a label that must be fixed.</summary>
    public static CorsOriginPattern? Parse(string text)
    {
        var match = Form().Match(text.ToLowerInvariant());
        if (!match.Success || text.Count(letter => letter == '*') != 1) return null;
        var (scheme, host, port) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        var labels = host.Split('.');
        var open = Array.FindIndex(labels, label => label.Contains('*', StringComparison.Ordinal));
        // The last labels must be fixed: *.com would allow any site.
        if (open < 0 || open >= labels.Length - SameSite.FixedLabels(labels)) return null;

        if (IPAddress.TryParse(host.Replace('*', '1'), out _)) return null;
        // An origin omits the default port of its scheme (RFC 6454, section 6.1).
        if (!Uri.TryCreate($"{scheme}://{host.Replace('*', 'x')}{port}", UriKind.Absolute, out var url)) return null;
        var at = host.IndexOf('*', StringComparison.Ordinal);
        var (before, after) = (host[..at], host[(at + 1)..]);
        return new CorsOriginPattern($"{scheme}://{before}", url.IsDefaultPort ? after : after + port, host);
    }

    public bool Matches(string origin) =>
        origin.Length > _before.Length + _after.Length
        && origin.StartsWith(_before, StringComparison.Ordinal)
        && origin.EndsWith(_after, StringComparison.Ordinal)
        && !origin.AsSpan(_before.Length, origin.Length - _before.Length - _after.Length).ContainsAnyExcept(LettersAndDigits);

    private static readonly System.Buffers.SearchValues<char> LettersAndDigits =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*)://([a-z0-9.*-]+)(:[0-9]{1,5})?/?$")]
    private static partial Regex Form();
}
