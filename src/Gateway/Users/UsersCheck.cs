using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Users;

/// <summary>Whether users can be told: the keys of their JWTs are there, and the backend can be asked about them where it is to be.</summary>
internal sealed class UsersCheck(JwtOptions jwt, FetchedKeys keys, UserVerification verification) : IHealthCheck
{
    /// <summary>What no backend takes for a JWT.</summary>
    private const string NobodysToken = "Bearer fathom-gateway-doctor";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = $"JWTs are verified with {(jwt.JwksUrl ?? jwt.Authority)?.Shown() ?? "the key that is set"} ({(jwt.Algorithms is [var only] ? only : "asymmetric")})";
        try
        {
            if (await keys.CurrentAsync(cancellationToken) is { SigningKeys.Count: 0 }) return HealthCheckResult.Unhealthy($"{found}: there is no key in it that signs. Correct {JwtOptions.JwksUrlName} or {JwtOptions.AuthorityName}.");
            if (verification.Url is not { } url) return HealthCheckResult.Healthy($"{found}.");
            return await verification.IsWelcomeAsync(NobodysToken, cancellationToken)
                ? HealthCheckResult.Degraded($"{found}. {url.Shown()} welcomes whatever it is given: name a route that wants a JWT in {UserVerification.UrlName}.")
                : HealthCheckResult.Healthy($"{found}, and {url.Shown()} is asked about each.");
        }
        catch (KeysUnavailableException)
        {
            return HealthCheckResult.Unhealthy($"{found}, which cannot be fetched: check {JwtOptions.JwksUrlName} or {JwtOptions.AuthorityName}, and the way there. Nobody can connect until then; proxying goes on.");
        }
        catch (UserVerificationUnavailableException failure)
        {
            return HealthCheckResult.Unhealthy($"{found}; {verification.Url?.Shown()} does not tell who is welcome ({failure.Message.TrimEnd('.')}): check {UserVerification.UrlName}. Nobody can connect until then; proxying goes on.");
        }
    }
}
