using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>
/// Protects cookie authentication against CSRF: only pages of allowed origins (RFC 6454) may act for the user of a cookie. A browser sends
/// cookies with requests from any page, so a cookie does not prove that the user wanted the request.
/// </summary>
/// <param name="Contains">Whether an origin is allowed. The feature that knows the frontend (<c>Connect</c>) provides this.</param>
internal sealed record CsrfProtection(Func<string, bool> Contains)
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>
    /// Whether a page of an allowed origin sent the request. Browsers omit <c>Origin</c> for same-origin GET requests;
    /// <c>Sec-Fetch-Site</c> tells then (Fetch Metadata, section 2.3), which no page can set.
    /// </summary>
    public bool IsFromAllowedOrigin(HttpRequest request) => request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
        ? Contains(origin.ToString())
        : request.Headers[FetchSite].ToString() is "same-origin" or "same-site";
}
