using FathomGateway.Sandbox.Backend;
using FathomGateway.Settings;
using FathomGateway.State.Redis;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.Sandbox.Show;

/// <summary>Reads the gateway's states from Redis, as an operator could with SCAN and PTTL.</summary>
/// <remarks>It only reads, over a connection of its own.</remarks>
internal sealed class RedisStates : IAsyncDisposable
{
    private const int ShownOfHash = 4; // Enough to tell two people apart.

    private static readonly string[] Prefixes = [.. Person.All.Select(person => Prefix(person.Id))];

    private readonly ConnectionMultiplexer _redis;

    private RedisStates(ConnectionMultiplexer redis) => _redis = redis;

    /// <summary>Parses the address of Redis; null where it is invalid.</summary>
    public static ConfigurationOptions? Read(string url) => RedisAddress.Read(new SettingsReader(new ConfigurationManager()), url);

    /// <summary>Begins to connect. Each reading waits for a Redis that is down.</summary>
    public static async Task<RedisStates> ConnectAsync(ConfigurationOptions address)
    {
        address.ClientName = "fathom-sandbox";
        return new RedisStates(await ConnectionMultiplexer.ConnectAsync(address));
    }

    /// <summary>All states that wait, the oldest first; null where Redis does not answer.</summary>
    public async Task<IReadOnlyList<WaitingState>?> ReadAsync()
    {
        try
        {
            var servers = _redis.GetServers().Where(one => one is { IsConnected: true, IsReplica: false }).ToArray();
            if (servers.Length == 0) return null;
            var waiting = new List<WaitingState>();
            var database = _redis.GetDatabase();
            foreach (var server in servers)
                foreach (var prefix in Prefixes)
                    await foreach (var key in server.KeysAsync(database.Database, prefix + "*"))
                        // A state that was redeemed between the two commands has no time left.
                        if (await database.KeyTimeToLiveAsync(key) is { } left)
                            waiting.Add(new WaitingState(key.ToString()[prefix.Length..], Shown(prefix), left));
            return [.. waiting.OrderBy(one => one.Left)];
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    private static string Prefix(string user) => UserId.TryParse(user, out var id)
        ? $"{RedisKeyPrefix.Of(id)}state:"
        : throw new InvalidOperationException($"'{user}' is no user id.");

    /// <summary><c>fathom:{7xkQ…}:state:••••••••</c>: the user's hash cut short, the nonce hidden.</summary>
    private static string Shown(string prefix)
    {
        var (open, close) = (prefix.IndexOf('{', StringComparison.Ordinal), prefix.IndexOf('}', StringComparison.Ordinal));
        return $"{prefix[..(open + 1 + ShownOfHash)]}…{prefix[close..]}{WaitingState.Hidden}";
    }
}
