namespace FathomGateway.Connect;

/// <summary>Matches requests to the gateway's own routes. All other requests go to the backend.</summary>
internal static class GatewayRoutes
{
    /// <summary>Longest query in characters: the longest code and state, escaped, with room for a provider's additions.</summary>
    private const int MaxQueryLength = 4096;

    public static bool HasShortQuery(HttpContext context) => context.Request.QueryString.Value is not { Length: > MaxQueryLength };

    /// <summary>
    /// Whether the method is spelled exactly: <c>get</c> is not GET (RFC 9110, section 9.1), though the framework treats it as GET.
    /// </summary>
    public static bool IsExactMethod(string method) => method == HttpMethods.GetCanonicalizedValue(method);

    /// <summary>
    /// Compares as ASP.NET's routing does, without its cost for every proxied request: ignores case and one trailing slash. The server has
    /// decoded percent-encoding and dot segments, but keeps <c>%2F</c> and doubled slashes, so those paths belong to the backend.
    /// </summary>
    public static bool Is(string route, PathString path)
    {
        var text = path.Value.AsSpan();
        if (text.Length == route.Length + 1 && text[^1] == '/') text = text[..^1];
        return text.Equals(route, StringComparison.OrdinalIgnoreCase);
    }
}
