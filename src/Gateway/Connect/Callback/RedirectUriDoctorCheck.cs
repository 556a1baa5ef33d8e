using FathomGateway.Fathom;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Connect.Callback;

/// <summary>Checks for <c>gateway doctor</c> that browsers can reach this gateway by the redirect URI.</summary>
internal sealed class RedirectUriDoctorCheck(FathomOptions fathom, SettingsReader settings) : IHealthCheck
{
    /// <summary>Set by Render to the service's address.</summary>
    public const string RenderAddressName = "RENDER_EXTERNAL_URL";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var uri = new Uri(fathom.RedirectUri);
        if (uri.Scheme != Uri.UriSchemeHttps)
        {
            return HealthCheckResult.Degraded(
                $"{fathom.RedirectUri} is http, which a provider accepts for tests on this machine at most: use https elsewhere.");
        }

        if (settings.OptionalUrl(RenderAddressName) is { } render && !render.Host.Equals(uri.Host, StringComparison.OrdinalIgnoreCase))
        {
            return HealthCheckResult.Degraded(
                $"{uri.Host} is not {render.Host}, the address that Render gives this service: right for a domain of your own, else "
                    + $"correct {SharedSettings.RedirectUriName}.");
        }

        return HealthCheckResult.Healthy($"Exactly this must be registered at Fathom: {fathom.RedirectUri}");
    }
}
