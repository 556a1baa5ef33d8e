namespace FathomGateway.State.Redis;

/// <summary>The scripts of <see cref="RedisStateStore"/>. Redis executes each in one atomic step.</summary>
internal static class StateScripts
{
    /// <summary>
    /// Stores a record, and deletes the user's oldest records beyond the limit. Returns 1, or 0 where the nonce is taken. Nonces whose
    /// record is redeemed or expired leave the list first, so that no live state is deleted for them.
    /// </summary>
    /// <remarks>
    /// <code>
    /// KEYS[1]  the record
    /// KEYS[2]  the user's list of nonces
    /// ARGV[1]  text of the record
    /// ARGV[2]  life of the record in seconds
    /// ARGV[3]  the nonce
    /// ARGV[4]  largest number of records of a user
    /// ARGV[5]  prefix of the keys of the user's records
    /// ARGV[6]  life of the list in seconds
    /// </code>
    /// The keys of the deleted records are not among KEYS. A cluster allows that, because they are in the same slot. The list has at most
    /// one nonce more than the limit. A user's first records take three commands.
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
    /// Redeems a state: moves the record into the receipt, and returns the record and false. Without a record it returns false and the
    /// receipt. The redeemer that made the receipt gets its record again.
    /// </summary>
    /// <remarks>
    /// <code>
    /// KEYS[1]  the record
    /// KEYS[2]  the receipt
    /// ARGV[1]  life of the receipt in seconds
    /// ARGV[2]  prefix of the receipt of this redeemer
    /// </code>
    /// Redis before 6.2 has no GETDEL. A script is atomic without it.
    /// </remarks>
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
