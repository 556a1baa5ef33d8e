using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Users.Claims;
using FathomGateway.Users.SigningKeys;
using FathomGateway.Users.Sources;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Settings for finding and verifying the backend's JWTs.</summary>
internal sealed class JwtOptions
{
    public const string AuthorityName = "JWT_AUTHORITY";
    public const string JwksUrlName = "JWT_JWKS_URL";
    public const string PublicKeyName = "JWT_PUBLIC_KEY";
    public const string AllowNoExpiryName = "JWT_ALLOW_NO_EXPIRY";
    public const string UserIdClaimName = "JWT_USER_ID_CLAIM";
    public const string IssuerName = "JWT_ISSUER";
    public const string AudienceName = "JWT_AUDIENCE";
    public const string TypesName = "JWT_TYPES";
    public const string MaxLifetimeName = "JWT_MAX_LIFETIME";
    private const string DefaultUserIdClaims = "sub,userId,user_id,id,_id";
    private const string DiscoveryPath = "/.well-known/openid-configuration";

    /// <summary>Places in a request that hold the JWT. The first place that has one counts.</summary>
    public IReadOnlyList<JwtSource> Sources { get; private init; } = [];

    /// <summary>The keys in the configuration: a shared secret, a public key, or both.</summary>
    public IReadOnlyList<SecurityKey> Keys { get; private init; } = [];

    /// <summary>The exact value of <c>JWT_SECRET</c>, or null.</summary>
    public string? Secret { get; private init; }

    /// <summary>An OpenID Connect issuer whose discovery document names further keys.</summary>
    public Uri? Authority { get; private init; }

    /// <summary>The address of a JSON Web Key Set (RFC 7517, section 5) with further keys.</summary>
    public Uri? JwksUrl { get; private init; }

    /// <summary>The address of further keys; null where all are in the configuration.</summary>
    public Uri? KeysUrl { get; private init; }

    /// <summary>The names of the settings that hold keys, for messages.</summary>
    public string KeyNames { get; private init; } = "";

    public string? Issuer { get; private init; }

    public string? Audience { get; private init; }

    public bool AllowNoExpiry { get; private init; }

    public IReadOnlyList<string> UserIdClaims { get; private init; } = [];

    public IReadOnlyList<RequiredClaim> RequiredClaims { get; private init; } = [];

    /// <summary>Accepted values of the header's <c>typ</c> (RFC 8725, section 3.11), such as <c>at+jwt</c>; empty to accept any.</summary>
    public IReadOnlyList<string> Types { get; private init; } = [];

    /// <summary>Longest time until a token's expiry; null to warn only.</summary>
    public TimeSpan? MaxLifetime { get; private init; }

    public static JwtOptions Read(SettingsReader settings)
    {
        var secret = settings.Secret(JwtSecret.SecretName);
        var publicKey = settings.Optional(PublicKeyName);
        var authority = ReadAuthority(settings);
        var jwksUrl = settings.RequireTls(JwksUrlName, settings.OptionalUrl(JwksUrlName));
        var keyNames = RequireKey(settings);
        string[] uncheckedByDefault = [IssuerName, AudienceName, RequiredClaim.ClaimsName, TypesName, MaxLifetimeName];
        foreach (var name in uncheckedByDefault) settings.NoteDefault(name, "unchecked");

        var allowShort = settings.Flag(JwtSecret.AllowShortName);
        SecurityKey?[] keys =
        [
            secret is null ? null : JwtSecret.Read(settings, secret, allowShort),
            publicKey is null ? null : JwtPublicKey.Read(settings, publicKey),
        ];
        var userIdClaims = settings.List(UserIdClaimName, DefaultUserIdClaims);
        if (userIdClaims.Count == 0) settings.Fault(UserIdClaimName, "names no claim: write one or several, separated by commas.");
        var allowNoExpiry = settings.Flag(AllowNoExpiryName);
        if (allowNoExpiry) settings.Warn($"{AllowNoExpiryName} is on: a stolen JWT without an expiry connects accounts for ever.");
        return new JwtOptions
        {
            Sources = JwtSource.Read(settings),
            Keys = [.. keys.OfType<SecurityKey>()],
            Secret = secret,
            KeyNames = string.Join(" and ", keyNames),
            Authority = authority,
            JwksUrl = jwksUrl,
            KeysUrl = jwksUrl ?? (authority is null ? null : new Uri(authority.AbsoluteUri.TrimEnd('/') + DiscoveryPath)),
            Issuer = settings.Optional(IssuerName),
            Audience = settings.Optional(AudienceName),
            AllowNoExpiry = allowNoExpiry,
            UserIdClaims = userIdClaims,
            RequiredClaims = RequiredClaim.Read(settings),
            Types = settings.List(TypesName),
            MaxLifetime = Lifetime(settings),
        };
    }

    /// <summary>Whether any key, configured or fetched, belongs to this family.</summary>
    public bool Verifies(IReadOnlyList<string> family) =>
        Keys.Any(key => JwtAlgorithms.Of(key) == family) || (KeysUrl is not null && family.Count > 0 && family != JwtAlgorithms.Hmac);

    private static string[] RequireKey(SettingsReader settings)
    {
        string[] names = [JwtSecret.SecretName, AuthorityName, JwksUrlName, PublicKeyName];
        var set = names.Where(name => settings.Secret(name) is not null).ToArray();
        if (set.Length == 0)
        {
            settings.Required(
                JwtSecret.SecretName,
                "copy the secret that your backend signs its users' JWTs with; or, for another kind of key, " +
                $"set {AuthorityName}, {JwksUrlName} or {PublicKeyName} instead.");
        }

        if (set.Contains(AuthorityName) && set.Contains(JwksUrlName))
        {
            settings.Fault(JwksUrlName, $"is set beside {AuthorityName}, which names a key set of its own: keep one of the two.");
        }

        return set;
    }

    private static Uri? ReadAuthority(SettingsReader settings)
    {
        var authority = settings.RequireTls(AuthorityName, settings.OptionalUrl(AuthorityName));
        if (authority?.AbsolutePath.EndsWith(DiscoveryPath, StringComparison.Ordinal) == true)
        {
            settings.Fault(
                AuthorityName, $"is the address of a discovery document: leave out {DiscoveryPath}, so that the issuer is left.");
        }

        return authority;
    }

    private static TimeSpan? Lifetime(SettingsReader settings)
    {
        if (settings.Optional(MaxLifetimeName) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        settings.Fault(MaxLifetimeName, "is no number of seconds: write a whole one, such as 86400 for a day.");
        return null;
    }
}
