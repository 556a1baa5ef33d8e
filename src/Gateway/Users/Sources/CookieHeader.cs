namespace FathomGateway.Users.Sources;

/// <summary>
/// Parses the request's <c>Cookie</c> field into single cookies, as they were sent (RFC 6265, section 4.2). ASP.NET's collection ignores
/// the case of names and keeps one of several cookies with a name. Its parser also searches for cookies inside a value that it cannot
/// parse, such as JSON.
/// </summary>
internal static class CookieHeader
{
    public static IEnumerable<(string Name, string Value)> Read(HttpRequest request)
    {
        foreach (var pair in request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';')))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            // Whitespace before the equals sign stays in the name. The caller decides whether it counts.
            if (equals > 0) yield return (pair[..equals].TrimStart(), pair[(equals + 1)..].Trim());
        }
    }
}
