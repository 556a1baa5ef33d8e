using System.Globalization;
using StackExchange.Redis;

namespace FathomGateway.Cli.DoctorChecks;

/// <summary>What Redis tells of itself, as far as this connection may ask.</summary>
internal sealed class RedisServerInfo
{
    private readonly Dictionary<string, string> _info;
    private readonly int _servers;

    private RedisServerInfo(Dictionary<string, string> info, int servers, Version? version, DateTimeOffset? time) =>
        (_info, _servers, Version, Time) = (info, servers, version, time);

    public Version? Version { get; }

    public DateTimeOffset? Time { get; }

    public string EvictionPolicy => _info.GetValueOrDefault("maxmemory_policy", "unknown");

    /// <summary>Of its memory, how much is used; null where it has no limit.</summary>
    public double? Fullness => Number("maxmemory") is > 0 and var most && Number("used_memory") is { } used ? used / most : null;

    public string Persistence => _info.GetValueOrDefault("aof_enabled") switch
    {
        "1" => "append-only file",
        "0" => "snapshots or none, so that a crash forgets users who are at the provider",
        _ => "unknown",
    };

    public string Layout =>
        _info.GetValueOrDefault("redis_mode") == "cluster" ? $", cluster of {_servers}" : _servers > 1 ? $", {_servers} servers" : "";

    public static async Task<RedisServerInfo> ReadAsync(IDatabase database)
    {
        var servers = database.Multiplexer.GetServers();
        // None where a cluster or a sentinel is about to name another one.
        var server = servers.FirstOrDefault(one => one.IsConnected && !one.IsReplica);
        // By a script: the library keeps INFO itself for connections that may administer, which this one need not.
        var info = await Allowed(async () => (string?)await database.ScriptEvaluateAsync("return redis.call('INFO')")) ?? "";
        var time = server is null
            ? null
            : await Allowed(async () => (DateTimeOffset?)new DateTimeOffset(await server.TimeAsync(), TimeSpan.Zero));
        var facts = info.Split('\n')
            .Select(line => line.Trim().Split(':', 2))
            .Where(fact => fact.Length == 2)
            .DistinctBy(fact => fact[0])
            .ToDictionary(fact => fact[0], fact => fact[1]);
        return new RedisServerInfo(facts, servers.Length, server?.Version, time);
    }

    /// <summary>A user may be forbidden to ask this, and still be all that the gateway needs.</summary>
    private static async Task<T?> Allowed<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return default;
        }
    }

    private double? Number(string name) =>
        double.TryParse(_info.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
