namespace FathomGateway.Connect;

/// <summary>Which requests are the gateway's own; all else is the backend's.</summary>
internal static class GatewayRoutes
{
    /// <summary>Longest query in characters: the longest code and state, escaped, with room for what a provider adds.</summary>
    private const int LongestQuery = 4096;

    public static bool HasShortQuery(HttpContext context) => context.Request.QueryString.Value is not { Length: > LongestQuery };

    /// <summary>
    /// Whether a method is not another spelling of one that is known here: <c>get</c> is no GET (RFC 9110, section 9.1), though the
    /// framework takes it for one.
    /// </summary>
    public static bool IsMethodToTheLetter(string method) => method == HttpMethods.GetCanonicalizedValue(method);

    /// <summary>
    /// The comparison of ASP.NET's own routing, without its machinery on the way of every proxied request: case does not count, nor does
    /// one slash at the end. The server has undone percent-encoding and dot segments before, but leaves <c>%2F</c> and doubled slashes
    /// alone, so that those stay the backend's.
    /// </summary>
    public static bool Is(string route, PathString path)
    {
        var text = path.Value.AsSpan();
        if (text.Length == route.Length + 1 && text[^1] == '/') text = text[..^1];
        return text.Equals(route, StringComparison.OrdinalIgnoreCase);
    }
}
