using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>
/// Whether Redis takes a write by a script, as it must to save a state. A PING would not show that: a replica and a full Redis answer it.
/// </summary>
internal sealed class RedisHealthCheck(RedisConnection connection) : IHealthCheck
{
    /// <summary>Probes of load balancers wait for one second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    private const string Script = "return redis.call('SET', KEYS[1], '1', 'EX', 10)";

    private static readonly RedisKey[] Keys = ["fathom:ready"];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var write = connection.ExecuteAsync(database => database.ScriptEvaluateAsync(Script, Keys), cancellationToken);
            await write.WaitAsync(Limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            return HealthCheckResult.Degraded();
        }
    }
}
