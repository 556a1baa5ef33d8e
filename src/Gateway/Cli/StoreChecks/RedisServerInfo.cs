using System.Globalization;
using StackExchange.Redis;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Facts that Redis reports about itself, as far as the user may read them.</summary>
internal sealed class RedisServerInfo
{
    private readonly Dictionary<string, string> _info;
    private readonly int _servers;

    private RedisServerInfo(Dictionary<string, string> info, int servers, Version? version, DateTimeOffset? time) =>
        (_info, _servers, Version, Time) = (info, servers, version, time);

    public Version? Version { get; }

    public DateTimeOffset? Time { get; }

    public string EvictionPolicy => _info.GetValueOrDefault("maxmemory_policy", "unknown");

    /// <summary>The used share of the memory; null where there is no limit.</summary>
    public double? Fullness => Number("maxmemory") is > 0 and var most && Number("used_memory") is { } used ? used / most : null;

    public string Persistence => _info.GetValueOrDefault("aof_enabled") switch
    {
        "1" => "append-only file",
        "0" => "snapshots or none, so that a crash forgets users who are at the provider",
        _ => "unknown",
    };

    public string Layout
    {
        get
        {
            if (_info.GetValueOrDefault("redis_mode") == "cluster") return $", cluster of {_servers}";
            return _servers > 1 ? $", {_servers} servers" : "";
        }
    }

    public static async Task<RedisServerInfo> ReadAsync(IDatabase database)
    {
        var servers = database.Multiplexer.GetServers();
        // None while a cluster or a sentinel selects another server.
        var server = servers.FirstOrDefault(one => one.IsConnected && !one.IsReplica);
        // By a script, because the library allows INFO only on administrative connections.
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

    /// <summary>The user may lack the right to read this and still have all rights that the gateway needs.</summary>
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
