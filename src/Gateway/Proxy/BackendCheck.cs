using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Proxy;

/// <summary>Whether the backend answers, by which version of HTTP, and whether Cloudflare's edge stands in front of it.</summary>
internal sealed class BackendCheck(ProxyOptions options, SettingsReader settings) : IHealthCheck
{
    /// <summary>A sleeping host may take its time to wake up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if ((options.BackendUrl?.AbsoluteUri ?? FromFile()) is not { } address) return HealthCheckResult.Unhealthy("No backend is set: set BACKEND_URL.");
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = Limit };
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var found = $"{address} answers (status {(int)answer.StatusCode}, HTTP/{answer.Version})";
            if (!answer.Headers.Contains("CF-Ray")) return HealthCheckResult.Healthy(found + ".");
            return options.StripEdgeHeaders
                ? HealthCheckResult.Healthy($"{found}, behind Cloudflare; edge headers are stripped.")
                : HealthCheckResult.Degraded($"{found}, behind Cloudflare: if this gateway is behind Cloudflare as well, set STRIP_EDGE_HEADERS=true, or the second edge refuses requests.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            var reason = failure is HttpRequestException { HttpRequestError: var error } ? error.ToString() : "no answer in time";
            return HealthCheckResult.Unhealthy($"{address} cannot be reached ({reason}): check BACKEND_URL and that the backend runs.");
        }
    }

    private string? FromFile() => settings.Configuration.GetSection($"ReverseProxy:Clusters:{BackendCluster.Id}:Destinations").GetChildren().FirstOrDefault()?["Address"];
}
