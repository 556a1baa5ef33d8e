using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Claims;

/// <summary>What is asked of a JWT beyond what the library checks.</summary>
internal sealed partial class JwtClaimRules(JwtOptions options, TimeProvider time, ILogger<JwtClaimRules> log)
{
    /// <summary>Nobody means a JWT to live longer; the usual cause is an <c>exp</c> in milliseconds, which reads as some year far away.</summary>
    private static readonly TimeSpan Doubtful = TimeSpan.FromDays(366);

    private int _warned;

    /// <summary>Why a token whose signature is good is not to be believed; null where it is.</summary>
    public JwtRefusal? Refusal(JsonWebToken token) => token switch
    {
        _ when HasCriticalHeader(token) => JwtRefusal.CriticalHeader,
        _ when !options.RequiredClaims.All(claim => claim.IsIn(token)) => JwtRefusal.RequiredClaims,
        _ when !EndsSoonEnough(token) => JwtRefusal.LivesTooLong,
        _ => null,
    };

    /// <summary>RFC 7515, section 4.1.11: a token that lists extensions as critical must be refused by whoever does not know them; this verifier knows none.</summary>
    private static bool HasCriticalHeader(JsonWebToken token) => token.TryGetHeaderValue<object>("crit", out _);

    private bool EndsSoonEnough(JsonWebToken token)
    {
        // A token without an end is the concern of another option.
        if (token.ValidTo == DateTime.MinValue) return true;
        var left = token.ValidTo - time.GetUtcNow().UtcDateTime;
        if (options.LongestLifetime is { } longest) return left <= longest;
        if (left > Doubtful && Interlocked.Exchange(ref _warned, 1) == 0) LivesLong(log, JwtOptions.MaxLifetimeName);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A JWT ends more than a year from now: is its exp in milliseconds? A stolen one connects accounts until then. {Setting} refuses such tokens. This is said once.")]
    private static partial void LivesLong(ILogger log, string setting);
}
