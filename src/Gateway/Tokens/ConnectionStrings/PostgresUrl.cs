using FathomGateway.Settings;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>Parses a connection URI of libpq (PostgreSQL manual, section 34.1.1.2).</summary>
internal static class PostgresUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <returns>libpq's parameters in their order; null where the text is no such URI.</returns>
    /// <exception cref="SettingValueException">
    /// The password contains a character that has to be percent-encoded, so the parts of the URI cannot be determined.
    /// </exception>
    public static IReadOnlyList<(string Name, string Value)>? Parse(string text)
    {
        if (Array.Find(Schemes, one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase)) is not { } scheme) return null;
        var rest = text[scheme.Length..];
        var authority = rest.IndexOfAny(['/', '?']) is var end and >= 0 ? rest[..end] : rest;
        rest = rest[authority.Length..];
        // Only a password that is not percent-encoded causes an @ behind the host.
        if (rest.Contains('@', StringComparison.Ordinal))
        {
            throw new SettingValueException(
                $"has an @ behind the host: {ConnectionStringParser.PercentEncode} (a ? is %3F, a / is %2F, an @ is %40).");
        }

        var at = authority.LastIndexOf('@');
        var (path, query) = Cut(rest, '?');
        List<(string Name, string Value)> parameters = [];
        var hosts = authority[(at + 1)..];
        // The port of a single host is a parameter, as ?port= is.
        var (host, port) = hosts.Contains(',', StringComparison.Ordinal) ? (hosts, null) : HostList.Split(hosts);
        if (host.Length > 0) parameters.Add(("host", host));
        if (port is not null) parameters.Add(("port", port));
        if (path.Length > 1) parameters.Add(("dbname", path[1..]));
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            parameters.Add(("user", user));
            if (password is not null) parameters.Add(("password", password));
        }

        foreach (var parameter in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(parameter, '=');
            parameters.Add((name, value ?? ""));
        }

        return [.. parameters.Select(one => (Uri.UnescapeDataString(one.Name), Uri.UnescapeDataString(one.Value)))];
    }

    /// <returns>The text before the first separator, and the text after it; null where there is no separator.</returns>
    private static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }
}
