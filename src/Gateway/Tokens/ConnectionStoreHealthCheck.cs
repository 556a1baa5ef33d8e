using FathomGateway.Telemetry;
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

/// <summary>The database could not be reached, did not answer in time, or refused to write.</summary>
internal sealed class ConnectionStoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>As it stands in a log.</summary>
    public override string ToString() => OneLine.Of(this);
}
