using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>
/// Finds a JWT in another place of the request than <c>JWT_SOURCE</c> names, which is the usual reason why every request is refused.
/// </summary>
internal static partial class MisplacedJwt
{
    /// <summary>Longest name to report, in characters, because names from requests reach the log.</summary>
    private const int MaxNameLength = 40;

    /// <summary>The place in the syntax of <c>JWT_SOURCE</c>; null where there is none.</summary>
    public static string? Find(HttpRequest request) => Places(request).FirstOrDefault()?.ToString();

    private static IEnumerable<JwtSource> Places(HttpRequest request)
    {
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase)) continue;
            if (LooksLikeJwt(name, value.ToString())) yield return new JwtSource(JwtPlace.Header, name.ToLowerInvariant());
        }

        foreach (var (name, value) in CookieHeader.Read(request).Select(one => (one.Name.TrimEnd(), one.Value)))
        {
            if (LooksLikeJwt(name, Uri.UnescapeDataString(value))) yield return new JwtSource(JwtPlace.Cookie, name);
        }
    }

    private static bool LooksLikeJwt(string name, string value) =>
        name.Length <= MaxNameLength && JwtSource.IsName(name) && Jwt().IsMatch(value);

    /// <summary>A header that begins as JSON in base64url does, a payload and a signature.</summary>
    [GeneratedRegex(@"^(?:Bearer )?""?eyJ[\w-]+\.[\w-]+\.[\w-]+""?$", RegexOptions.IgnoreCase)]
    private static partial Regex Jwt();
}
