using System.Buffers;
using FathomGateway.Settings;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>The kind of place in a request that holds the user's JWT.</summary>
internal enum JwtPlace
{
    /// <summary><c>Authorization: Bearer</c> (RFC 6750, section 2.1).</summary>
    Bearer,

    /// <summary>A field with a name of its own, with or without <c>Bearer</c> before the JWT.</summary>
    Header,

    /// <summary>A cookie, which browsers send with every request.</summary>
    Cookie,
}

/// <summary>Where requests carry the JWT, from an entry of <c>JWT_SOURCE</c>.</summary>
/// <param name="Name">Name of the field or cookie.</param>
internal sealed record JwtSource(JwtPlace Place, string Name)
{
    public const string SourceName = "JWT_SOURCE";
    private const string Default = "bearer";
    private const string Scheme = "Bearer ";

    /// <summary>Letters of a field's or cookie's name (tokens, RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>In the order in which a request is searched.</summary>
    public static IReadOnlyList<JwtSource> Read(SettingsReader settings)
    {
        var sources = settings.List(SourceName, Default).Select(Parse).ToArray();
        if (sources.Length > 0 && sources.All(one => one is not null)) return [.. sources.OfType<JwtSource>().Distinct()];
        settings.Fault(
            SourceName,
            "names no place of a JWT: write bearer, header:<name> (such as header:x-auth-token) or " +
            "cookie:<name> (such as cookie:token), several separated by commas.");
        return [];
    }

    /// <summary>The JWT in this place of the request; null where there is none.</summary>
    public FoundJwt? Find(HttpRequest request)
    {
        var field = Place == JwtPlace.Cookie ? Cookie(request) : request.Headers[Name].ToString();
        if (Place == JwtPlace.Bearer && !field.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        return With(field) is { Jwt.Length: > 0 } found ? found : null;
    }

    /// <param name="text">The value of the field or cookie.</param>
    public FoundJwt With(string text)
    {
        var bare = (Place == JwtPlace.Cookie ? Uri.UnescapeDataString(text.Trim('"')) : text).Trim();
        return new FoundJwt(this, text, bare.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? bare[Scheme.Length..].Trim() : bare);
    }

    public static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenLetters);

    /// <summary>The entry in the syntax of <c>JWT_SOURCE</c>.</summary>
    public override string ToString() => Place == JwtPlace.Bearer ? Default : $"{(Place == JwtPlace.Header ? "header" : "cookie")}:{Name}";

    private static JwtSource? Parse(string text)
    {
        if (text.Equals(Default, StringComparison.OrdinalIgnoreCase)) return new JwtSource(JwtPlace.Bearer, HeaderNames.Authorization);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, name) = (text[..Math.Max(colon, 0)].TrimEnd().ToLowerInvariant(), text[(colon + 1)..].Trim());
        if (!IsName(name)) return null;
        return kind switch
        {
            // Field names ignore case; cookie names do not.
            "header" when !name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) =>
                new JwtSource(JwtPlace.Header, name.ToLowerInvariant()),
            "cookie" => new JwtSource(JwtPlace.Cookie, name),
            _ => null,
        };
    }

    /// <summary>
    /// With two cookies of one name, another host of the site may have set one of them, and servers disagree on which counts. Both values
    /// are joined, which is no valid JWT.
    /// </summary>
    private string Cookie(HttpRequest request)
    {
        var values = CookieHeader.Read(request)
            .Where(one => one.Name.TrimEnd().Equals(Name, StringComparison.Ordinal))
            .Select(one => one.Value);
        return string.Join(';', values.Distinct());
    }
}
