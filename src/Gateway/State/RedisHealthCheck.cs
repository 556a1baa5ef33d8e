using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>Whether connecting can work right now: Redis answers a PING.</summary>
internal sealed class RedisHealthCheck(RedisConnection connection) : IHealthCheck
{
    /// <summary>Probes of load balancers wait for one second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await PingAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is StateStoreUnavailableException or RedisException or TimeoutException)
        {
            return HealthCheckResult.Degraded();
        }
    }

    private async Task PingAsync(CancellationToken cancel) => await (await connection.DatabaseAsync(cancel)).PingAsync();
}
