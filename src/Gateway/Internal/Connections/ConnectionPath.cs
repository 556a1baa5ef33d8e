using FathomGateway.Proxy;

namespace FathomGateway.Internal.Connections;

/// <summary>
/// The parts of a request target below <c>/connections/</c>, as the client wrote them. The server's decoded path does not work here: it
/// resolves dot segments and keeps <c>%2F</c>, so the users <c>..</c>, <c>a/b</c> and <c>a%2Fb</c> would not be distinct.
/// </summary>
/// <param name="UserId">The path segment of the user, percent-encoded.</param>
/// <param name="Rest">The rest of the path: empty, or beginning with a slash.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
internal readonly record struct ConnectionPath(string UserId, string Rest, string Query)
{
    private const string Prefix = "/connections/";

    /// <returns>Null for a target that is not below <c>/connections/</c>.</returns>
    public static ConnectionPath? Parse(string rawTarget)
    {
        if (RequestTarget.OriginForm(rawTarget) is not { } target || !target.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        if (path.Length < Prefix.Length) return null;
        var end = path.IndexOf('/', Prefix.Length);
        return new ConnectionPath(
            end < 0 ? path[Prefix.Length..] : path[Prefix.Length..end],
            end < 0 ? "" : path[end..],
            query < 0 ? "" : target[query..]);
    }

    /// <summary>Whether the rest of the path is this route. As in ASP.NET's routing, case and one trailing slash do not matter.</summary>
    public bool Is(string route)
    {
        var rest = Rest.EndsWith('/') ? Rest.AsSpan(0, Rest.Length - 1) : Rest;
        return rest.Equals(route, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The path below this route, from its slash on; empty for the route itself; null where the path is not below it.</summary>
    public string? Below(string route)
    {
        if (!Rest.StartsWith(route, StringComparison.OrdinalIgnoreCase)) return null;
        var below = Rest[route.Length..];
        return below.Length == 0 || below[0] == '/' ? below : null;
    }
}
