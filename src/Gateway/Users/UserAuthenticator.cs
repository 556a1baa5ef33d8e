using FathomGateway.Users.Diagnosis;
using FathomGateway.Users.Sources;

namespace FathomGateway.Users;

/// <summary>Tells who sent a request.</summary>
internal sealed class UserAuthenticator(
    JwtOptions options, JwtVerification jwts, CsrfProtection origins, UserVerification backend, JwtRefusalLog refused)
{
    /// <summary>The user of the request's JWT, or null where there is none to be believed.</summary>
    /// <exception cref="AuthenticationUnavailableException">The keys to verify it with could not be fetched, or the backend not be asked, so nothing can be said.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        // 1. The first place that has a JWT counts; what stands there is never made up for by another.
        if (options.Sources.Select(source => source.Find(context.Request)).FirstOrDefault(one => one is not null) is not { } found)
        {
            var elsewhere = MisplacedJwt.Find(context.Request);
            return Refuse(elsewhere is null ? JwtRefusal.Absent : JwtRefusal.Elsewhere, elsewhere);
        }

        // 2. A cookie comes along unasked.
        if (found.Source.Place == JwtPlace.Cookie && !origins.Sent(context.Request)) return Refuse(JwtRefusal.ForeignOrigin);

        // 3. What does it say, and does the backend say so too?
        var verdict = await jwts.VerifyAsync(found.Jwt, context.RequestAborted);
        if (verdict.Refusal is { } refusal) return Refuse(refusal, verdict.Detail);
        return await backend.IsWelcomeAsync(found, context.RequestAborted) ? verdict.UserId : Refuse(JwtRefusal.Unwelcome);
    }

    private UserId? Refuse(JwtRefusal refusal, string? detail = null)
    {
        refused.Count(refusal, detail);
        return null;
    }
}
