using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>
/// Origins (RFC 6454) whose pages may act for a user whom a cookie names. A browser sends a cookie along with whatever any page asks
/// for, so that the cookie alone does not say that its user wanted it.
/// </summary>
/// <param name="Contains">Whether an origin is allowed: the room that knows the frontend says so.</param>
internal sealed record CsrfProtection(Func<string, bool> Contains)
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>
    /// Whether a page of an allowed origin sent the request. Browsers leave <c>Origin</c> out where page and gateway are of one origin and
    /// the method is GET; then <c>Sec-Fetch-Site</c> tells (Fetch Metadata, section 2.3), which no page can write.
    /// </summary>
    public bool Sent(HttpRequest request) => request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
        ? Contains(origin.ToString())
        : request.Headers[FetchSite].ToString() is "same-origin" or "same-site";
}
