using FathomGateway.Settings;
using FathomGateway.Users.SigningKeys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Users.Diagnosis;

/// <summary>
/// Checks for <c>gateway doctor</c> that users can be authenticated: the keys are available, and the backend answers where it is to be
/// asked.
/// </summary>
internal sealed class UsersDoctorCheck(JwtOptions jwt, IssuerSigningKeys keys, UserVerification verification) : IHealthCheck
{
    /// <summary>A value that no backend accepts as a JWT.</summary>
    private const string InvalidToken = "Bearer fathom-gateway-doctor";

    private string Until => jwt.Keys.Count > 0
        ? "Users whose JWT it verifies cannot connect until then; proxying goes on."
        : "Nobody can connect until then; proxying goes on.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = $"JWTs are looked for in {string.Join(", then ", jwt.Sources)} and verified with {Keys()}";
        try
        {
            await keys.CurrentAsync(cancellationToken);
            if (verification.Url is not { } url) return HealthCheckResult.Healthy($"{found}.");
            return await verification.IsActiveAsync(jwt.Sources[0].With(InvalidToken), cancellationToken)
                ? HealthCheckResult.Degraded(
                    $"{found}. {url.Shown()} accepts any request: name a route that requires a JWT in {UserVerification.UrlName}.")
                : HealthCheckResult.Healthy($"{found}, and {url.Shown()} is asked about each.");
        }
        catch (KeysUnavailableException failure) when (failure.Kind is { } kind)
        {
            return HealthCheckResult.Unhealthy($"{found}. {KeysUrl} {kind}. Correct {KeysName}. {Until}");
        }
        catch (KeysUnavailableException)
        {
            return HealthCheckResult.Unhealthy($"{found}. {KeysUrl} cannot be fetched: check {KeysName}, and the way there. {Until}");
        }
        catch (UserVerificationUnavailableException failure)
        {
            var reason = failure.Message.TrimEnd('.');
            return HealthCheckResult.Unhealthy(
                $"{found}; {verification.Url?.Shown()} does not accept or reject users ({reason}): check {UserVerification.UrlName}. "
                    + "Nobody can connect until then; proxying goes on.");
        }
    }

    private string? KeysUrl => jwt.KeysUrl?.Shown();

    private string KeysName => jwt.JwksUrl is null ? JwtOptions.AuthorityName : JwtOptions.JwksUrlName;

    private string Keys()
    {
        var own = jwt.Keys.Select(key => JwtAlgorithms.Of(key)).Select(family =>
        {
            var setting = family == JwtAlgorithms.Hmac ? JwtSecret.SecretName : JwtOptions.PublicKeyName;
            return $"the key of {setting} ({string.Join(", ", family)})";
        });
        return string.Join(", and with ", jwt.KeysUrl is null ? own : own.Append($"the keys of {KeysUrl} (asymmetric)"));
    }
}
