using System.Globalization;
using System.Text;
using FathomGateway.Settings;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>How the backend's JWTs are verified.</summary>
internal sealed class JwtOptions
{
    public const string SecretName = "JWT_SECRET";
    public const string AuthorityName = "JWT_AUTHORITY";
    public const string JwksUrlName = "JWT_JWKS_URL";
    public const string PublicKeyName = "JWT_PUBLIC_KEY";
    public const string AllowShortSecretName = "JWT_ALLOW_SHORT_SECRET";
    public const string AllowNoExpiryName = "JWT_ALLOW_NO_EXPIRY";
    public const string UserIdClaimName = "JWT_USER_ID_CLAIM";
    public const string IssuerName = "JWT_ISSUER";
    public const string AudienceName = "JWT_AUDIENCE";
    public const string TypesName = "JWT_TYPES";
    public const string MaxLifetimeName = "JWT_MAX_LIFETIME";
    private const string DefaultUserIdClaims = "sub,userId,user_id,id,_id";

    /// <summary>The key, where it is in the configuration; null where it is fetched.</summary>
    public SecurityKey? Key { get; private init; }

    /// <summary>An OpenID Connect issuer whose discovery document names the keys.</summary>
    public Uri? Authority { get; private init; }

    /// <summary>A JSON Web Key Set (RFC 7517, section 5).</summary>
    public Uri? JwksUrl { get; private init; }

    /// <summary>The accepted algorithms: never symmetric beside asymmetric ones, so that a public key can never be taken for a shared secret (RFC 8725, section 3.1).</summary>
    public IReadOnlyList<string> Algorithms { get; private init; } = [];

    public string? Issuer { get; private init; }

    public string? Audience { get; private init; }

    public bool AllowNoExpiry { get; private init; }

    public IReadOnlyList<string> UserIdClaims { get; private init; } = [];

    public IReadOnlyList<RequiredClaim> RequiredClaims { get; private init; } = [];

    /// <summary>The accepted values of the header's <c>typ</c> (RFC 8725, section 3.11), such as <c>at+jwt</c>; none where any will do.</summary>
    public IReadOnlyList<string> Types { get; private init; } = [];

    /// <summary>How far away the end of a token may be; null where that is only warned of.</summary>
    public TimeSpan? LongestLifetime { get; private init; }

    public static JwtOptions Read(SettingsReader settings)
    {
        var secret = settings.Secret(SecretName);
        var publicKey = settings.Optional(PublicKeyName);
        var authority = settings.RequireTls(AuthorityName, settings.OptionalUrl(AuthorityName));
        var jwksUrl = settings.RequireTls(JwksUrlName, settings.OptionalUrl(JwksUrlName));
        RequireExactlyOne(settings);
        foreach (var name in (string[])[IssuerName, AudienceName, RequiredClaim.SettingName, TypesName, MaxLifetimeName]) settings.NoteDefault(name, "unchecked");

        var allowShort = settings.Flag(AllowShortSecretName);
        var key = secret is not null ? SharedSecret(settings, secret, allowShort) : publicKey is not null ? JwtPublicKey.Read(settings, publicKey) : null;
        var userIdClaims = settings.List(UserIdClaimName, DefaultUserIdClaims);
        if (userIdClaims.Count == 0) settings.Fault(UserIdClaimName, "names no claim: write one or several, separated by commas.");
        var allowNoExpiry = settings.Flag(AllowNoExpiryName);
        if (allowNoExpiry) settings.Warn($"{AllowNoExpiryName} is on: a stolen JWT without an expiry connects accounts for ever.");
        return new JwtOptions
        {
            Key = key,
            Authority = authority,
            JwksUrl = jwksUrl,
            Algorithms = JwtAlgorithms.For(key),
            Issuer = settings.Optional(IssuerName),
            Audience = settings.Optional(AudienceName),
            AllowNoExpiry = allowNoExpiry,
            UserIdClaims = userIdClaims,
            RequiredClaims = RequiredClaim.Read(settings),
            Types = settings.List(TypesName),
            LongestLifetime = Lifetime(settings),
        };
    }

    private static void RequireExactlyOne(SettingsReader settings)
    {
        string[] names = [SecretName, AuthorityName, JwksUrlName, PublicKeyName];
        var set = names.Where(name => settings.Secret(name) is not null).ToArray();
        if (set.Length == 0) settings.Required(SecretName, $"copy the secret that your backend signs its users' JWTs with; or, for another kind of key, set {AuthorityName}, {JwksUrlName} or {PublicKeyName} instead.");
        if (set.Length > 1) settings.Fault(set[1], $"is set beside {set[0]}: keep the one that the backend signs with.");
    }

    private static TimeSpan? Lifetime(SettingsReader settings)
    {
        if (settings.Optional(MaxLifetimeName) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0) return TimeSpan.FromSeconds(seconds);
        settings.Fault(MaxLifetimeName, "is no number of seconds: write a whole one, such as 86400 for a day.");
        return null;
    }

    private static SharedSecretKey SharedSecret(SettingsReader settings, string secret, bool allowShort)
    {
        // UTF-8, as Node's jsonwebtoken takes it.
        var bytes = Encoding.UTF8.GetBytes(secret);
        if (KnownSecrets.Contain(secret))
        {
            settings.Fault(SecretName, "is one that stands in every list of known secrets, so that anybody can sign in as anybody: give the backend a random one, such as `openssl rand -base64 48` prints.");
        }
        else if (bytes.Length < JwtAlgorithms.ShortestSecret)
        {
            if (allowShort) settings.Warn($"{SecretName} is shorter than {JwtAlgorithms.ShortestSecret} bytes: it can be guessed offline from any one JWT.");
            else settings.Fault(SecretName, $"is shorter than the {JwtAlgorithms.ShortestSecret} bytes that RFC 7518 section 3.2 asks for: use a longer one, or set {AllowShortSecretName}=true until the backend has one.");
        }
        else if (Repetition.IsIn<char>(secret))
        {
            settings.Warn($"{SecretName} repeats itself, so that it is guessed offline from any one JWT: give the backend a random one.");
        }

        // HMAC pads short keys with zeros itself (RFC 2104, section 2): the padded key verifies the same signatures, and the library takes it.
        if (bytes.Length < JwtAlgorithms.ShortestSecret) Array.Resize(ref bytes, JwtAlgorithms.ShortestSecret);
        return new SharedSecretKey(bytes);
    }
}
