using FathomGateway.Keys;
using FathomGateway.State.Redis;
using FathomGateway.Telemetry;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Pending tokens in Redis, where every replica finds them. Each has a key in its user's slot. One sorted set holds these keys. Key and set
/// are in different slots of a cluster, so no command can change both. The key is written before its entry in the set, and is also deleted
/// before it.
/// </summary>
/// <param name="redis">Null where states are in this process's memory: then nothing is stored or found.</param>
internal sealed class PendingTokenStore(KeyRing ring, TimeProvider clock, RedisConnection? redis = null)
{
    /// <summary>Longer than most outages, and about the life of an access token.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Largest number of keys in one listing. The next listing has the others.</summary>
    private const int MaxKeysPerListing = 500;

    /// <summary>Keys, metric and span have the word "rescued" for pending. Other releases read them, so the word stays.</summary>
    private const string Index = "fathom:rescued";

    /// <summary>Deletes the value that was read, and no newer one.</summary>
    private const string DeleteScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    /// <returns>Whether the tokens are in Redis now.</returns>
    public Task<bool> PutAsync(IssuedTokens tokens) => ExecuteAsync(false, async redis =>
    {
        var key = Key(tokens.UserId, tokens.GrantId, tokens.Version);
        await redis.ExecuteAsync(database => database.StringSetAsync(key, PendingTokenJson.Write(ring, tokens, key), Lifetime));
        await redis.ExecuteAsync(database => database.SortedSetAddAsync(Index, key, clock.GetUtcNow().ToUnixTimeSeconds()));
        // Each addition prolongs the set's time to live beyond that of the new key.
        await redis.ExecuteAsync(database => database.KeyExpireAsync(Index, 2 * Lifetime));
        return true;
    });

    /// <summary>Number of pending tokens; null while Redis cannot serve.</summary>
    public Task<long?> CountAsync() =>
        ExecuteAsync<long?>(null, async redis => await redis.ExecuteAsync(database => database.SortedSetLengthAsync(Index)));

    /// <summary>The keys of pending tokens, in the order in which they were stored or postponed.</summary>
    public Task<IReadOnlyList<string>> ListAsync() => ExecuteAsync<IReadOnlyList<string>>([], async redis =>
    {
        var keys = await redis.ExecuteAsync(database => database.SortedSetRangeByRankAsync(Index, 0, MaxKeysPerListing - 1));
        return [.. keys.Select(key => (string)key!)];
    });

    /// <summary>The keys of one user's pending tokens, among the first <see cref="MaxKeysPerListing"/> of all users.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(UserId userId)
    {
        var prefix = KeyPrefix(userId);
        return [.. (await ListAsync()).Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <returns>Null where Redis cannot serve.</returns>
    public Task<PendingTokenEntry?> FindAsync(UserId userId, Guid grantId, long version) => FindAsync(Key(userId, grantId, version));

    /// <returns>Null where Redis cannot serve.</returns>
    public Task<PendingTokenEntry?> FindAsync(string key) => ExecuteAsync<PendingTokenEntry?>(null, async redis =>
    {
        var found = await redis.ExecuteAsync(database => database.StringGetWithExpiryAsync(key));
        if (found.Value.IsNull) return new PendingTokenEntry(key, null, null);
        var since = Lifetime - (found.Expiry ?? Lifetime);
        var tokens = PendingTokenJson.Read(ring, found.Value!, key, since > TimeSpan.Zero ? since : TimeSpan.Zero);
        return new PendingTokenEntry(key, found.Value, tokens);
    });

    /// <summary>
    /// Removes tokens that are committed or have expired. After a crash between commit and removal they are stored twice, which changes
    /// nothing.
    /// </summary>
    public Task RemoveAsync(PendingTokenEntry entry) => ExecuteAsync(false, async redis =>
    {
        if (entry.Text is not null)
        {
            await redis.ExecuteAsync(database => database.ScriptEvaluateAsync(DeleteScript, [entry.Key], [entry.Text]));
        }

        return await redis.ExecuteAsync(database => database.SortedSetRemoveAsync(Index, entry.Key));
    });

    /// <summary>Moves the key to the end of the listing.</summary>
    public Task PostponeAsync(string key) => ExecuteAsync(false, redis => redis.ExecuteAsync(database =>
        database.SortedSetAddAsync(Index, key, clock.GetUtcNow().ToUnixTimeSeconds(), When.Exists)));

    private static string Key(UserId userId, Guid grantId, long version) => $"{KeyPrefix(userId)}{grantId:n}:{version}";

    private static string KeyPrefix(UserId userId) => $"{RedisKeyPrefix.Of(userId)}rescued:";

    private async Task<T> ExecuteAsync<T>(T without, Func<RedisConnection, Task<T>> execute)
    {
        if (redis is null) return without;
        using var span = GatewaySpans.Redis("rescued tokens");
        try
        {
            return await execute(redis);
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            GatewaySpans.End(span, "failed");
            return without;
        }
    }
}
