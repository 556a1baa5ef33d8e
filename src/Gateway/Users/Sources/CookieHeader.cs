namespace FathomGateway.Users.Sources;

/// <summary>
/// The cookies of a request, one by one as they were sent (RFC 6265, section 4.2). ASP.NET's collection takes names in any case and keeps one
/// of several; its parser looks for further cookies inside the value of one that it cannot read, such as JSON.
/// </summary>
internal static class CookieHeader
{
    public static IEnumerable<(string Name, string Value)> Read(HttpRequest request)
    {
        foreach (var pair in request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';')))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            // A blank before the equals sign stays with the name: whether it counts is the caller's to say.
            if (equals > 0) yield return (pair[..equals].TrimStart(), pair[(equals + 1)..].Trim());
        }
    }
}
