using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>The one step in which Redis keeps a record and drops the user's oldest beyond the limit.</summary>
internal static class SaveScript
{
    /// <summary>
    /// KEYS: record, the user's list of nonces. ARGV: record, its life in seconds, nonce, most records a user, what the user's record keys begin with, life of the list.
    /// Returns 0 where the nonce is taken. Nonces whose record is redeemed or expired leave the list first, so that they cost nobody a live one.
    /// </summary>
    /// <remarks>The dropped keys are not among KEYS, which a cluster allows as they lie in the same slot; the list holds one nonce more than the limit at most.</remarks>
    public const string Text = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
        for _, nonce in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
          if redis.call('EXISTS', ARGV[5] .. nonce) == 0 then redis.call('LREM', KEYS[2], 1, nonce) end
        end
        redis.call('RPUSH', KEYS[2], ARGV[3])
        while redis.call('LLEN', KEYS[2]) > tonumber(ARGV[4]) do
          redis.call('DEL', ARGV[5] .. redis.call('LPOP', KEYS[2]))
        end
        redis.call('EXPIRE', KEYS[2], ARGV[6])
        return 1
        """;

    public static RedisValue[] Arguments(byte[] record, TimeSpan lifetime, StateNonce nonce, string recordKeyPrefix) =>
        [record, (long)lifetime.TotalSeconds, nonce.Text, IStateStore.MostPerUser, recordKeyPrefix, (long)IStateStore.StateLifetime.TotalSeconds];
}
