using FathomGateway.Settings;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>
/// Takes apart a connection URI of libpq's form (PostgreSQL manual, section 34.1.1.2); several hosts are separated by commas.
/// </summary>
internal static class DatabaseUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <returns>libpq's parameters in their order, or null where the text is no such URI.</returns>
    /// <exception cref="SettingValueException">It is cut up by a character of the password.</exception>
    public static IReadOnlyList<(string Name, string Value)>? Parse(string text)
    {
        if (Array.Find(Schemes, one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase)) is not { } scheme) return null;
        var rest = text[scheme.Length..];
        var authority = rest.IndexOfAny(['/', '?']) is var end and >= 0 ? rest[..end] : rest;
        rest = rest[authority.Length..];
        // Nothing but a password that was not encoded has an @ behind the host.
        if (rest.Contains('@', StringComparison.Ordinal))
        {
            throw new SettingValueException("has an @ behind the host: percent-encode ? / # @ : ; in user and password (a ? is %3F, a / is "
                + "%2F, an @ is %40).");
        }

        var query = rest.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? rest[mark..] : "";
        var path = rest[..^query.Length];
        var at = authority.LastIndexOf('@');
        var parameters = new List<(string, string)>();
        if (authority.Length > at + 1) parameters.AddRange(Hosts(authority[(at + 1)..]));
        if (path.Length > 1) parameters.Add(("dbname", Uri.UnescapeDataString(path[1..])));
        if (at >= 0) parameters.AddRange(Credentials(authority[..at]));
        parameters.AddRange(query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parameter));
        return parameters;
    }

    private static (string Name, string Value) Parameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? (Uri.UnescapeDataString(text), "")
            : (Uri.UnescapeDataString(text[..equals]), Uri.UnescapeDataString(text[(equals + 1)..]));
    }

    private static IEnumerable<(string Name, string Value)> Credentials(string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        yield return ("user", Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]));
        if (colon >= 0) yield return ("password", Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }

    /// <summary>Hosts with their ports; where only one has one, that is the port of all.</summary>
    private static IEnumerable<(string Name, string Value)> Hosts(string text)
    {
        var hosts = text.Split(',').Select(one => Uri.UnescapeDataString(one)).ToArray();
        if (hosts is not [var only] || only.EndsWith(']') || only.StartsWith('/') || only.LastIndexOf(':') is not (>= 0 and var colon))
        {
            yield return ("host", string.Join(',', hosts));
            yield break;
        }

        yield return ("host", only[..colon]);
        yield return ("port", only[(colon + 1)..]);
    }
}
