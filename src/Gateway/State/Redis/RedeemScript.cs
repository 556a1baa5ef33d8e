using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>The script that redeems a state in one step, and the reading of its answer.</summary>
internal static class RedeemScript
{
    /// <summary>
    /// KEYS: record, receipt. ARGV: the receipt's life in seconds, and what the receipt of this redeemer begins with. Moves the record into
    /// a receipt and returns it. Without a record it returns the receipt, or, to the redeemer that made the receipt, the record in it.
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

    /// <summary>No outcome begins with it.</summary>
    private const string Pending = "pending:";

    /// <summary>The beginning of this redeemer's receipt; the record follows.</summary>
    public static string PendingReceipt(RedeemerId redeemer) => $"{Pending}{redeemer}:";

    /// <summary>Reads a receipt alone.</summary>
    public static Redemption OfReceipt(RedisValue receipt) => receipt switch
    {
        { IsNull: true } => new Redemption.Absent(),
        var pending when pending.StartsWith(Pending) => new Redemption.Pending(),
        _ => new Redemption.Settled(receipt!),
    };

    public static Redemption Read(RedisValue[] answer) => answer switch
    {
        [{ IsNull: false } record, ..] when StateRecordJson.Read((byte[])record!) is { } state => new Redemption.Redeemed(state),
        [{ IsNull: true }, var receipt] => OfReceipt(receipt),
        // No record; or one that is not of this gateway, which is consumed now.
        _ => new Redemption.Absent(),
    };
}
