using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Fathom.Doctor;

/// <summary>
/// Posts a made-up code to the token endpoint. The provider's error tells a wrong endpoint, a wrong client and a wrong redirect URI apart
/// before the first user comes.
/// </summary>
internal sealed class ProviderDoctorCheck(TokenEndpointClient endpoint, FathomOptions options, SettingsReader settings) : IHealthCheck
{
    /// <summary>Names the sender in the provider's log. No provider issues such a code.</summary>
    private const string MadeUpCode = "fathom-gateway-doctor";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var result = await endpoint.TryAsync(MadeUpCode, cancellationToken);
        var (status, finding) = TokenEndpointDiagnosis.Of(result, options);
        var clock = result is FormResult.Answered answer ? ClockSkew.Data(answer.Date, answer.Now) : null;
        return new HealthCheckResult(status, $"{Preset()}; {options.TokenUrl.Shown()} {finding}", data: clock);
    }

    private string Preset()
    {
        var name = settings.Optional(FathomSettings.ProviderName) ?? ProviderPreset.All[0].Name;
        var others = string.Join(", ", ProviderPreset.All.Select(one => one.Name).Where(other => other != name));
        return $"{FathomSettings.ProviderName} is {name} (there is also {others})";
    }
}
