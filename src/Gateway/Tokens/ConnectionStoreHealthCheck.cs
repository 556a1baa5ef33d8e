using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Tokens;

/// <summary>Whether tokens can be stored right now.</summary>
internal sealed class ConnectionStoreHealthCheck(IConnectionStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.EnsureWritableAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ConnectionStoreUnavailableException)
        {
            return HealthCheckResult.Degraded();
        }
    }
}
