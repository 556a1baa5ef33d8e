using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>Whether connecting can work right now: Redis answers a PING.</summary>
internal sealed class RedisHealthCheck(RedisConnection connection) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var database = await connection.DatabaseAsync(cancellationToken);
            await database.PingAsync().WaitAsync(RedisAddress.OperationTimeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is StateStoreUnavailableException or RedisException or TimeoutException)
        {
            return HealthCheckResult.Degraded();
        }
    }
}
