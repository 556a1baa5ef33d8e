using FathomGateway.Settings;
using FathomGateway.Users.Claims;
using FathomGateway.Users.SigningKeys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Verifies a JWT and finds the user that it names.</summary>
internal sealed class JwtVerification(JwtOptions options, IssuerSigningKeys fetched, JwtClaimRules rules, UserIdClaim claim)
{
    /// <summary>Longest accepted JWT in characters. Real ones are much shorter, and each costs a signature check.</summary>
    public const int MaxJwtLength = 8192;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxJwtLength };

    /// <summary>Validation parameters for the configured keys, by algorithm family.</summary>
    private readonly Dictionary<IReadOnlyList<string>, TokenValidationParameters> _own = options.Keys
        .GroupBy(JwtAlgorithms.Of)
        .ToDictionary(family => family.Key, family => Parameters(options, [.. family], options.Issuer));

    /// <exception cref="KeysUnavailableException">The keys could not be fetched.</exception>
    public async Task<JwtVerificationResult> VerifyAsync(string jwt, CancellationToken cancel)
    {
        if (Parse(jwt) is not { } token) return JwtVerificationResult.Refused(JwtRefusal.Malformed);
        var family = JwtAlgorithms.FamilyOf(Algorithm(token));
        if (!options.Verifies(family))
        {
            return JwtVerificationResult.Refused(JwtRefusal.Algorithm, token, JwtAlgorithms.Shown(Algorithm(token)));
        }

        var result = await SignatureAsync(token, family, cancel);
        if (JwtValidationError.Of(result) is { } failure) return JwtVerificationResult.Refused(failure, token);
        if (rules.Refusal(token) is { } refusal) return JwtVerificationResult.Refused(refusal, token);
        return claim.Find(token) is { } userId
            ? new JwtVerificationResult(null, userId, token)
            : JwtVerificationResult.Refused(JwtRefusal.NoUserId, token, UserIdClaim.Names(token));
    }

    /// <summary>
    /// Tries the configured keys first, so that they work while the others cannot be fetched. A token that only a fetched key may have
    /// signed waits for the fetch.
    /// </summary>
    private async Task<TokenValidationResult> SignatureAsync(JsonWebToken token, IReadOnlyList<string> family, CancellationToken cancel)
    {
        TokenValidationResult? byOwn = null;
        if (_own.TryGetValue(family, out var own))
        {
            byOwn = await _handler.ValidateTokenAsync(token, own);
            if (byOwn.Exception is not SecurityTokenInvalidSignatureException || family == JwtAlgorithms.Hmac) return byOwn;
        }

        if (await fetched.CurrentAsync(cancel) is not { } known) return byOwn!;
        // The discovery document of an authority names the issuer.
        var result = await ValidateAsync(token, known.SigningKeys, options.Issuer ?? known.Issuer);
        if (result.Exception is not SecurityTokenSignatureKeyNotFoundException) return result;
        if (await fetched.RefreshAsync(known, cancel) is not { } others) return result;
        return await ValidateAsync(token, others.SigningKeys, options.Issuer ?? others.Issuer);
    }

    private Task<TokenValidationResult> ValidateAsync(JsonWebToken token, IEnumerable<SecurityKey> keys, string? issuer) =>
        _handler.ValidateTokenAsync(token, Parameters(options, keys, issuer));

    private static TokenValidationParameters Parameters(JwtOptions options, IEnumerable<SecurityKey> keys, string? issuer) => new()
    {
        IssuerSigningKeys = keys,
        // Only algorithms of the key's family. Otherwise a public key could be used as a shared secret.
        AlgorithmValidator = (algorithm, key, _, _) => JwtAlgorithms.Of(key).Contains(algorithm),
        ValidTypes = options.Types.Count > 0 ? options.Types : null,
        RequireSignedTokens = true,
        RequireExpirationTime = !options.AllowNoExpiry,
        ValidateLifetime = true,
        ClockSkew = ClockSkew.Max,
        ValidateIssuer = issuer is not null,
        ValidIssuer = issuer,
        ValidateAudience = options.Audience is not null,
        ValidAudience = options.Audience,
        // Tokens without a key id, or with an unknown one, are tried with all keys.
        TryAllIssuerSigningKeys = true,
    };

    /// <returns>Null for text that the library cannot parse.</returns>
    private JsonWebToken? Parse(string jwt)
    {
        try
        {
            return jwt.Length <= MaxJwtLength ? _handler.ReadJsonWebToken(jwt) : null;
        }
        catch (Exception broken) when (broken is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Null where the header has no algorithm, or one that is no text.</summary>
    public static string? Algorithm(JsonWebToken token) =>
        token.TryGetHeaderValue<object?>(JwtHeaderParameterNames.Alg, out var value) ? value as string : null;
}
