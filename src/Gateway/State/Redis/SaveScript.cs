using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>The script that stores a record and drops the user's oldest beyond the limit.</summary>
internal static class SaveScript
{
    /// <summary>
    /// KEYS: record, the user's list of nonces. ARGV: record, its life in seconds, nonce, most records a user, what the user's record keys
    /// begin with, life of the list. Returns 0 where the nonce is taken. Where the list is longer than the limit, nonces whose record is
    /// redeemed or expired leave it first, so that live states are not evicted.
    /// </summary>
    /// <remarks>
    /// The dropped keys are not among KEYS, which a cluster allows as they lie in the same slot; the list holds one nonce more than the
    /// limit at most. A user's first records take three commands.
    /// </remarks>
    public const string Text = """
        if not redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX') then return 0 end
        local most = tonumber(ARGV[4])
        local waiting = redis.call('RPUSH', KEYS[2], ARGV[3])
        if waiting > most then
          for _, nonce in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
            if redis.call('EXISTS', ARGV[5] .. nonce) == 0 then waiting = waiting - redis.call('LREM', KEYS[2], 1, nonce) end
          end
          while waiting > most do
            redis.call('DEL', ARGV[5] .. redis.call('LPOP', KEYS[2]))
            waiting = waiting - 1
          end
        end
        redis.call('EXPIRE', KEYS[2], ARGV[6])
        return 1
        """;

    public static RedisValue[] Arguments(byte[] record, TimeSpan lifetime, StateNonce nonce, string recordKeyPrefix) =>
    [
        record, (long)lifetime.TotalSeconds, nonce.Text, IStateStore.MaxPerUser, recordKeyPrefix,
        (long)IStateStore.StateLifetime.TotalSeconds,
    ];
}
