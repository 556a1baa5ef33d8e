using FathomGateway.Settings;
using FathomGateway.State;
using FathomGateway.State.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>
/// Checks Redis for <c>gateway doctor</c>: whether it can store a state, and if not, why; its eviction policy; its clock.
/// </summary>
internal sealed class RedisDoctorCheck(RedisConnection connection, IStateStore states, TimeProvider time) : IHealthCheck
{
    /// <summary>A connection that is being established fails at first, and an operator prefers to wait.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly Version WithGetDel = new(6, 2);

    /// <summary>Above this share the next busy hour may fill the memory.</summary>
    private const double NearlyFull = 0.9;

    private const string Consequence = "Nobody can connect until then; proxying goes on.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (!await new RedisStateProbe(states).RunAsync(cancellationToken))
                {
                    return HealthCheckResult.Unhealthy(
                        "Redis does not give back what was written to it: check that REDIS_URL names one Redis, not several behind "
                            + $"one name. {Consequence}");
                }

                return await DescribeAsync(cancellationToken);
            }
            catch (Exception failure) when (RedisFaults.IsOne(failure))
            {
                if (await ReasonAsync(failure, cancellationToken) is { } reason)
                {
                    return HealthCheckResult.Unhealthy($"{reason} {Consequence}");
                }

                if (time.GetElapsedTime(begun) > ConnectTimeout)
                {
                    return HealthCheckResult.Unhealthy(
                        $"Redis cannot be used ({RedisFaults.Describe(failure.InnerException ?? failure)}): check REDIS_URL, and "
                            + $"Redis' own log. {Consequence}");
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <returns>The reason that Redis gave or that the diagnosis found; null while the connection may only need more time.</returns>
    private async Task<string?> ReasonAsync(Exception failure, CancellationToken cancel)
    {
        var cause = failure is StateStoreUnavailableException { InnerException: { } inner } ? inner : failure;
        if (cause is not (RedisServerException or RedisCommandException))
        {
            return await new RedisDiagnostics(connection.Options).FindFaultAsync(cancel);
        }

        return RedisErrorHints.Of(cause.Message) is { } remedy
            ? $"Redis {remedy}."
            : $"Redis refuses ({cause.Message.TrimEnd('.')}): look at its log.";
    }

    private async Task<HealthCheckResult> DescribeAsync(CancellationToken cancel)
    {
        var facts = await RedisServerInfo.ReadAsync(await connection.DatabaseAsync(cancel));
        List<string> remarks = [];
        if (facts.EvictionPolicy is not ("noeviction" or "unknown"))
        {
            remarks.Add($"it evicts keys when it is full ({facts.EvictionPolicy}): set maxmemory-policy noeviction, or states are lost");
        }

        if (facts.Fullness > NearlyFull)
        {
            remarks.Add($"{facts.Fullness:P0} of its memory is used: give it more (maxmemory) before it refuses writes");
        }

        var getDel = facts.Version >= WithGetDel ? "GETDEL" : "no GETDEL, the script does without";
        var found = $"A state was saved, redeemed and settled. Redis {facts.Version}{facts.Layout} ({getDel}; {facts.EvictionPolicy}; "
            + $"persistence: {facts.Persistence})";
        var clock = ClockSkew.Data(facts.Time, time.GetUtcNow());
        return remarks.Count == 0
            ? HealthCheckResult.Healthy($"{found}.", clock)
            : HealthCheckResult.Degraded($"{found}: {string.Join("; ", remarks)}.", data: clock);
    }
}
