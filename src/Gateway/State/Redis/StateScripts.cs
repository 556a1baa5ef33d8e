namespace FathomGateway.State.Redis;

/// <summary>The scripts of <see cref="RedisStateStore"/>. Redis executes each in one atomic step.</summary>
internal static class StateScripts
{
    /// <summary>
    /// Stores a record and drops the user's oldest beyond the limit. KEYS: record, the user's list of nonces. ARGV: record, its life in
    /// seconds, nonce, most records a user, what the user's record keys begin with, life of the list. Returns 0 where the nonce is taken.
    /// Where the list is longer than the limit, nonces whose record is redeemed or expired leave it first, so that live states are not
    /// evicted.
    /// </summary>
    /// <remarks>
    /// The dropped keys are not among KEYS, which a cluster allows as they lie in the same slot; the list holds one nonce more than the
    /// limit at most. A user's first records take three commands.
    /// </remarks>
    public const string Save = """
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

    /// <summary>
    /// Redeems a state. KEYS: record, receipt. ARGV: the receipt's life in seconds, and what the receipt of this redeemer begins with.
    /// Moves the record into a receipt and returns it. Without a record it returns the receipt, or, to the redeemer that made the receipt,
    /// the record in it.
    /// </summary>
    /// <remarks>Redis before 6.2 has no GETDEL; a script is atomic without it.</remarks>
    public const string Redeem = """
        local record = redis.pcall('GETDEL', KEYS[1])
        if type(record) == 'table' then
          record = redis.call('GET', KEYS[1])
          redis.call('DEL', KEYS[1])
        end
        if record then
          redis.call('SET', KEYS[2], ARGV[2] .. record, 'EX', ARGV[1])
          return {record, false}
        end
        local receipt = redis.call('GET', KEYS[2])
        if receipt and string.sub(receipt, 1, #ARGV[2]) == ARGV[2] then
          return {string.sub(receipt, #ARGV[2] + 1), false}
        end
        return {false, receipt}
        """;
}
