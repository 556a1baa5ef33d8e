using System.Buffers.Text;
using System.Security.Cryptography;
using FathomGateway.Users.Sources;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// The cookie of <c>LINK_BINDING=cookie</c>, which identifies a browser. A browser keeps its cookie for further flows. If each flow
/// replaced it, two tabs would invalidate each other's cookie.
/// </summary>
/// <remarks>
/// With the <c>__Host-</c> prefix only this host can set the cookie, over TLS (RFC 6265bis, section 4.1.3.2). SameSite=Lax sends it with
/// the redirect from the provider and with no request of another site's page. The CORS origins keep other pages from calling
/// <c>/fathom/connect</c> with it.
/// </remarks>
internal static class LinkBindingCookie
{
    public const string Name = "__Host-fathom_binder";

    private const int LengthInBytes = 32;

    private static readonly CookieOptions Options = new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/" };

    /// <summary>The hash of the browser's cookie. Sets a new cookie where the request has none.</summary>
    public static string Ensure(HttpContext context)
    {
        if (Find(context.Request) is { } hash) return hash;
        var value = RandomNumberGenerator.GetBytes(LengthInBytes);
        context.Response.Cookies.Append(Name, Base64Url.EncodeToString(value), Options);
        return Hash(value);
    }

    /// <summary>The hash of the request's cookie, or null.</summary>
    public static string? Find(HttpRequest request)
    {
        var value = new byte[LengthInBytes];
        var text = Text(request);
        var isOurs = Base64Url.IsValid(text, out var length) && length == LengthInBytes && Base64Url.TryDecodeFromChars(text, value, out _);
        return isOurs ? Hash(value) : null;
    }

    /// <summary>
    /// The framework ignores the case of cookie names. Browsers protect the prefix only in this spelling; a cookie in another spelling may
    /// have been set by a page of another host in the domain.
    /// </summary>
    /// <returns>Empty where there is no such cookie, or more than one.</returns>
    private static string Text(HttpRequest request)
    {
        var values = CookieHeader.Read(request).Where(one => one.Name.Equals(Name, StringComparison.Ordinal)).Select(one => one.Value);
        return values.Take(2).ToArray() is [var only] ? only : "";
    }

    /// <summary>Needs no salt, because the value is random.</summary>
    private static string Hash(byte[] value) => Base64Url.EncodeToString(SHA256.HashData(value));
}
