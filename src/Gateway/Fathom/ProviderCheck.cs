using FathomGateway.Settings;
using FathomGateway.Tls;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Fathom;

/// <summary>Which provider is on, whether its token endpoint can be reached from here, and what time it is there.</summary>
internal sealed class ProviderCheck(FathomOptions options, SettingsReader settings, TimeProvider time) : IHealthCheck
{
    /// <summary>An operator is watching.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var where = $"{Preset()}; {options.TokenUrl.Shown()}";
        try
        {
            // Without a body nothing is asked for; any answer at all shows that DNS, TLS and the way there work.
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null, SslOptions = PeerCertificates.Options }) { Timeout = Limit };
            using var answer = await http.GetAsync(options.TokenUrl, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var clock = ClockDifference.Data(answer.Headers.Date, time.GetUtcNow());
            return (int)answer.StatusCode >= StatusCodes.Status500InternalServerError
                ? HealthCheckResult.Degraded($"{where} answers with an error of its own ({(int)answer.StatusCode}): look at the provider's status page.", data: clock)
                : HealthCheckResult.Healthy($"{where} answers.", clock);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            var reason = failure is HttpRequestException { HttpRequestError: var error } ? error.ToString() : "no answer in time";
            return HealthCheckResult.Unhealthy($"{where} cannot be reached ({reason}): check FATHOM_TOKEN_URL, DNS and the way out of this network.");
        }
    }

    private string Preset()
    {
        var name = settings.Optional(FathomSettings.ProviderName) ?? ProviderPreset.All[0].Name;
        var others = string.Join(", ", ProviderPreset.All.Select(one => one.Name).Where(other => other != name));
        return $"{FathomSettings.ProviderName} is {name} (there is also {others})";
    }
}
