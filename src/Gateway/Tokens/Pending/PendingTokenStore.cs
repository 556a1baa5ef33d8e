using FathomGateway.State;
using FathomGateway.State.Redis;
using FathomGateway.Telemetry;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Pending tokens in Redis, where every replica finds them: a key for each, in its user's slot, and one sorted set of those keys. In a
/// cluster they lie apart, so no step touches both; the key is written before the set names it, and deleted before the set forgets it.
/// </summary>
/// <param name="redis">Null where states are in this process's memory: then nothing can be put by, and nothing is ever found.</param>
internal sealed class PendingTokenStore(RedisConnection? redis, UnsavedTokensJson text, TimeProvider clock)
{
    /// <summary>How long pending tokens are kept: longer than most outages, and about as long as an access token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Most that one look finds; the rest come with the next.</summary>
    private const int MostAtOnce = 500;

    private const string Index = "fathom:rescued";

    /// <summary>Deletes what was read and nothing that came after.</summary>
    private const string DeleteScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    /// <returns>Whether they are in Redis now; false where there is none, or it cannot serve.</returns>
    public Task<bool> PutAsync(UnsavedTokens tokens) => AskAsync(false, async redis =>
    {
        var key = Key(tokens.UserId, tokens.GrantId, tokens.Version);
        await redis.AskAsync(database => database.StringSetAsync(key, text.Write(tokens, key), Lifetime));
        await redis.AskAsync(database => database.SortedSetAddAsync(Index, key, clock.GetUtcNow().ToUnixTimeSeconds()));
        // Nothing is left without a time to live; each addition prolongs it beyond that of its key.
        await redis.AskAsync(database => database.KeyExpireAsync(Index, 2 * Lifetime));
        return true;
    });

    /// <summary>How many there are; null while Redis cannot tell.</summary>
    public Task<long?> CountAsync() =>
        AskAsync<long?>(null, async redis => await redis.AskAsync(database => database.SortedSetLengthAsync(Index)));

    /// <summary>The keys of those that wait, those that were put by or postponed first.</summary>
    public Task<IReadOnlyList<string>> ListAsync() => AskAsync<IReadOnlyList<string>>([], async redis =>
    {
        var keys = await redis.AskAsync(database => database.SortedSetRangeByRankAsync(Index, 0, MostAtOnce - 1));
        return [.. keys.Select(key => (string)key!)];
    });

    /// <summary>The keys of those of one user.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(UserId userId)
    {
        var prefix = KeyPrefix(userId);
        return [.. (await ListAsync()).Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>Null where there is none, or Redis cannot serve.</summary>
    public Task<PendingTokenEntry?> FindAsync(UserId userId, Guid grantId, long version) => FindAsync(Key(userId, grantId, version));

    /// <summary>Null where there is none any more, or Redis cannot serve.</summary>
    public Task<PendingTokenEntry?> FindAsync(string key) => AskAsync<PendingTokenEntry?>(null, async redis =>
    {
        var found = await redis.AskAsync(database => database.StringGetWithExpiryAsync(key));
        if (found.Value.IsNull) return new PendingTokenEntry(key, null, null);
        var since = Lifetime - (found.Expiry ?? Lifetime);
        return new PendingTokenEntry(key, found.Value, text.Read(found.Value!, key, since > TimeSpan.Zero ? since : TimeSpan.Zero));
    });

    /// <summary>After the commit: a crash in between stores twice, which changes nothing, and never loses.</summary>
    public Task RemoveAsync(PendingTokenEntry entry) => AskAsync(false, async redis =>
    {
        if (entry.Text is not null) await redis.AskAsync(database => database.ScriptEvaluateAsync(DeleteScript, [entry.Key], [entry.Text]));
        return await redis.AskAsync(database => database.SortedSetRemoveAsync(Index, entry.Key));
    });

    /// <summary>Puts it behind all others, so that it keeps none of them waiting.</summary>
    public Task PostponeAsync(string key) => AskAsync(false, redis => redis.AskAsync(database =>
        database.SortedSetAddAsync(Index, key, clock.GetUtcNow().ToUnixTimeSeconds(), When.Exists)));

    /// <summary>Named by nobody any more; the key stays until its time is up.</summary>
    public Task ForgetAsync(PendingTokenEntry entry) =>
        AskAsync(false, redis => redis.AskAsync(database => database.SortedSetRemoveAsync(Index, entry.Key)));

    private static string Key(UserId userId, Guid grantId, long version) => $"{KeyPrefix(userId)}{grantId:n}:{version}";

    private static string KeyPrefix(UserId userId) => $"{RedisKeyPrefix.Prefix(userId)}rescued:";

    private async Task<T> AskAsync<T>(T without, Func<RedisConnection, Task<T>> ask)
    {
        if (redis is null) return without;
        using var span = GatewaySpans.Redis("rescued tokens");
        try
        {
            return await ask(redis);
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            GatewaySpans.End(span, "failed");
            return without;
        }
    }
}
