using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>What <c>gateway doctor</c> finds out about Redis: version, what it does when it is full, and its clock.</summary>
internal sealed class RedisDiagnosis(RedisConnection connection, TimeProvider time) : IHealthCheck
{
    /// <summary>A connection that is being made fails at first; an operator would rather wait than be told so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(60);
    private static readonly Version WithGetDel = new(6, 2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await LookAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is StateStoreUnavailableException or RedisException or TimeoutException)
            {
                if (time.GetElapsedTime(begun) > Patience) return Unreachable(failure);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static HealthCheckResult Unreachable(Exception failure)
    {
        var reason = failure is RedisConnectionException { FailureType: var type } ? type.ToString() : "no answer";
        return HealthCheckResult.Unhealthy($"Redis cannot be reached ({reason}): check REDIS_URL (host, port, password, redis:// or rediss://) and that it runs. Nobody can connect until then; proxying goes on.");
    }

    private async Task<HealthCheckResult> LookAsync(CancellationToken cancel)
    {
        var database = await connection.DatabaseAsync(cancel);
        await database.PingAsync();
        var server = database.Multiplexer.GetServers().First(one => one.IsConnected && !one.IsReplica);
        // By a script: the library keeps INFO itself for connections that may administer, which this one need not.
        var facts = (string?)await database.ScriptEvaluateAsync("return redis.call('INFO')") ?? "";
        var policy = Fact(facts, "maxmemory_policy") ?? "unknown";
        List<string> remarks = [];
        if (policy is not ("noeviction" or "unknown")) remarks.Add($"it evicts keys when it is full ({policy}): set maxmemory-policy noeviction, or states are lost");
        if ((time.GetUtcNow() - await server.TimeAsync()).Duration() > LargestSkew) remarks.Add("its clock and this machine's differ by more than a minute");
        var getDel = server.Version >= WithGetDel ? "GETDEL" : "no GETDEL, the script does without";
        var persistence = Fact(facts, "aof_enabled") == "1" ? "append-only file" : "snapshots or none: a crash forgets users who are at the provider";
        var found = $"Redis {server.Version} ({getDel}; {policy}; persistence: {persistence})";
        return remarks.Count == 0 ? HealthCheckResult.Healthy(found + ".") : HealthCheckResult.Degraded($"{found}: {string.Join("; ", remarks)}.");
    }

    private static string? Fact(string facts, string name) =>
        Array.Find(facts.Split('\n'), line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
}
