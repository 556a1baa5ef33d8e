using System.Buffers.Text;
using System.Security.Cryptography;
using FathomGateway.Users.Sources;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// The cookie that tells one browser from all others. A browser keeps the one it has: were it replaced with every flow, two tabs would take
/// it from each other.
/// </summary>
/// <remarks>
/// The prefix lets only this host set it, over TLS (RFC 6265bis, section 4.1.3.2); Lax sends it along when the provider's page leads back,
/// and with no request that another site's page makes. That nobody else's page can ask <c>/fathom/connect</c> with it is up to the allowed
/// origins of CORS.
/// </remarks>
internal static class LinkBindingCookie
{
    public const string Name = "__Host-fathom_binder";

    private const int LengthInBytes = 32;

    private static readonly CookieOptions Options = new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/" };

    /// <summary>The hash of the browser's cookie, which it is given where it brings none of ours.</summary>
    public static string Ensure(HttpContext context)
    {
        if (Find(context.Request) is { } hash) return hash;
        var value = RandomNumberGenerator.GetBytes(LengthInBytes);
        context.Response.Cookies.Append(Name, Base64Url.EncodeToString(value), Options);
        return Hash(value);
    }

    /// <summary>The hash of the cookie that the request brings, or null.</summary>
    public static string? Find(HttpRequest request)
    {
        var value = new byte[LengthInBytes];
        var text = Text(request);
        var isOurs = Base64Url.IsValid(text, out var length) && length == LengthInBytes && Base64Url.TryDecodeFromChars(text, value, out _);
        return isOurs ? Hash(value) : null;
    }

    /// <summary>
    /// The framework takes names of cookies in any case. A browser protects the prefix as it is written here; one in other letters could be
    /// anybody's, set by a page of another host of the same domain.
    /// </summary>
    /// <returns>Empty where there is no such cookie, or more than one, of which at most one is ours.</returns>
    private static string Text(HttpRequest request)
    {
        var values = CookieHeader.Read(request).Where(one => one.Name.Equals(Name, StringComparison.Ordinal)).Select(one => one.Value);
        return values.Take(2).ToArray() is [var only] ? only : "";
    }

    /// <summary>Without a salt: the value is random enough for any.</summary>
    private static string Hash(byte[] value) => Base64Url.EncodeToString(SHA256.HashData(value));
}
