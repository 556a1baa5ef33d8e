using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Tokens;

/// <summary>Whether tokens can be stored right now.</summary>
internal sealed class ConnectionStoreHealthCheck(ConnectionStore store) : IHealthCheck
{
    /// <summary>Probes of load balancers wait for one second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.EnsureWritableAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or TimeoutException)
        {
            return HealthCheckResult.Degraded();
        }
    }
}
