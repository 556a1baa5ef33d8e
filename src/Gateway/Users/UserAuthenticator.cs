using FathomGateway.Users.Diagnosis;
using FathomGateway.Users.Sources;

namespace FathomGateway.Users;

/// <summary>Authenticates the user of a request by its JWT.</summary>
internal sealed class UserAuthenticator(
    JwtOptions options, JwtVerification jwts, CsrfProtection origins, UserVerification backend, JwtRefusalLog refused)
{
    /// <summary>The user of the request's JWT, or null where there is no valid one.</summary>
    /// <exception cref="AuthenticationUnavailableException">The keys could not be fetched, or the backend could not be asked, so the JWT
    /// cannot be judged.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        // 1. Find the JWT. The first place that has one counts, even where it is invalid.
        if (options.Sources.Select(source => source.Find(context.Request)).FirstOrDefault(one => one is not null) is not { } found)
        {
            var elsewhere = MisplacedJwt.Find(context.Request);
            return Refuse(elsewhere is null ? JwtRefusal.Absent : JwtRefusal.Elsewhere, elsewhere);
        }

        // 2. A cookie needs CSRF protection, because browsers send it with every request.
        if (found.Source.Place == JwtPlace.Cookie && !origins.IsFromAllowedOrigin(context.Request)) return Refuse(JwtRefusal.ForeignOrigin);

        // 3. Verify it, and ask the backend about its user.
        var verdict = await jwts.VerifyAsync(found.Jwt, context.RequestAborted);
        if (verdict.Refusal is { } refusal) return Refuse(refusal, verdict.Detail);
        return await backend.IsActiveAsync(found, context.RequestAborted) ? verdict.UserId : Refuse(JwtRefusal.Unwelcome);
    }

    private UserId? Refuse(JwtRefusal refusal, string? detail = null)
    {
        refused.Count(refusal, detail);
        return null;
    }
}
