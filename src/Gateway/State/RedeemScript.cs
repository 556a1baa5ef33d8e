using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>The one step in which Redis redeems a state, and how its answer and the receipt that it leaves are to be read.</summary>
internal static class RedeemScript
{
    /// <summary>
    /// KEYS: record, receipt. ARGV: the receipt's life in seconds, and what the receipt of this redeemer begins with.
    /// Consumes the record and leaves a receipt with it; without a record, tells what the receipt says: to the redeemer that left it, the record again.
    /// </summary>
    /// <remarks>Redis before 6.2 has no GETDEL; a script is atomic without it.</remarks>
    public const string Text = """
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

    /// <summary>No outcome begins like this.</summary>
    private const string Pending = "pending:";

    /// <summary>What the receipt of this redeemer begins with; the record follows.</summary>
    public static string PendingReceipt(RedeemerId redeemer) => $"{Pending}{redeemer}:";

    public static bool IsPending(RedisValue receipt) => receipt.StartsWith(Pending);

    public static Redemption Read(RedisValue[] answer) => answer switch
    {
        [{ IsNull: false } record, ..] when StateRecordJson.Read((byte[])record!) is { } state => new Redemption.Redeemed(state),
        [{ IsNull: true }, { IsNull: false } receipt] => IsPending(receipt) ? new Redemption.Pending() : new Redemption.Settled(receipt!),
        // Nothing there; or a record that is not of our making, which is as good as none and gone now.
        _ => new Redemption.Absent(),
    };
}
