namespace FathomGateway.Connect;

/// <summary>Which requests are the gateway's own; all else is the backend's.</summary>
internal static class OwnRoute
{
    /// <summary>
    /// The comparison of ASP.NET's own routing, without its machinery on the way of every proxied request: case does not count, nor does one slash at the end.
    /// The server has undone percent-encoding and dot segments before, but leaves <c>%2F</c> and doubled slashes alone, so that those stay the backend's.
    /// </summary>
    public static bool Is(string route, PathString path)
    {
        var text = path.Value.AsSpan();
        if (text.Length == route.Length + 1 && text[^1] == '/') text = text[..^1];
        return text.Equals(route, StringComparison.OrdinalIgnoreCase);
    }
}
