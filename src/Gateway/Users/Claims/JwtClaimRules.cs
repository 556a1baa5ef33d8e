using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Claims;

/// <summary>Checks of a JWT beyond the library's: required claims, critical headers and lifetime.</summary>
internal sealed partial class JwtClaimRules(JwtOptions options, TimeProvider time, ILogger<JwtClaimRules> log)
{
    /// <summary>
    /// A longer lifetime is hardly intended. The usual cause is an <c>exp</c> in milliseconds, which reads as a year in the far future.
    /// </summary>
    private static readonly TimeSpan SuspiciousLifetime = TimeSpan.FromDays(366);

    private int _warned;

    /// <summary>Why a token with a valid signature is refused; null where it is accepted.</summary>
    public JwtRefusal? Refusal(JsonWebToken token) => token switch
    {
        _ when HasCriticalHeader(token) => JwtRefusal.CriticalHeader,
        _ when !options.RequiredClaims.All(claim => claim.IsIn(token)) => JwtRefusal.RequiredClaims,
        _ when !HasAllowedLifetime(token) => JwtRefusal.LivesTooLong,
        _ => null,
    };

    /// <summary>
    /// A verifier must refuse a token that lists unknown extensions as critical (RFC 7515, section 4.1.11). This one knows none.
    /// </summary>
    private static bool HasCriticalHeader(JsonWebToken token) => token.TryGetHeaderValue<object>("crit", out _);

    private bool HasAllowedLifetime(JsonWebToken token)
    {
        // Another option handles tokens without expiry.
        if (token.ValidTo == DateTime.MinValue) return true;
        var left = token.ValidTo - time.GetUtcNow().UtcDateTime;
        if (options.MaxLifetime is { } max) return left <= max;
        if (left > SuspiciousLifetime && Interlocked.Exchange(ref _warned, 1) == 0) LivesLong(log, JwtOptions.MaxLifetimeName);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A JWT ends more than a year from now: is its exp in milliseconds? A stolen one "
        + "connects accounts until then. {Setting} refuses such tokens. This warning is logged once.")]
    private static partial void LivesLong(ILogger log, string setting);
}
