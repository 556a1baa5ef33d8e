using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>States in Redis, shared by all replicas.</summary>
/// <remarks>
/// A list for each user, of the nonces that wait, and two keys for each state, all with a time to live: the record, and its receipt, which is empty while the redeemer is at work and holds the outcome afterwards.
/// The user's hash stands in braces in all of them, so that a Redis Cluster keeps them in one slot (and so that no user id shows in key listings).
/// </remarks>
internal sealed class RedisStateStore(RedisConnection connection) : IStateStore
{
    /// <summary>Consume the record and leave an empty receipt; without a record, tell what the receipt says. Redis before 6.2 has no GETDEL; a script is atomic without it.</summary>
    private const string RedeemScript = """
        local record = redis.pcall('GETDEL', KEYS[1])
        if type(record) == 'table' then
          record = redis.call('GET', KEYS[1])
          redis.call('DEL', KEYS[1])
        end
        if record then
          redis.call('SET', KEYS[2], '', 'EX', ARGV[1])
          return {record, false}
        end
        return {false, redis.call('GET', KEYS[2])}
        """;

    public async Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, state.UserId), WaitingKey(state.UserId)];
        RedisValue[] arguments = SaveScript.Arguments(StateRecordJson.Write(state), lifetime, nonce, RecordKeyPrefix(state.UserId));
        var saved = await AskAsync(database => database.ScriptEvaluateAsync(SaveScript.Text, keys, arguments), cancel);
        if (!(bool)saved) throw new InvalidOperationException("The nonce is taken already.");
    }

    public async Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, userId), ReceiptKey(nonce, userId)];
        RedisValue[] arguments = [(long)IStateStore.PendingLifetime.TotalSeconds];
        var answer = (RedisValue[])(await AskAsync(database => database.ScriptEvaluateAsync(RedeemScript, keys, arguments), cancel))!;
        return answer switch
        {
            [{ IsNull: false } record, ..] when StateRecordJson.Read((byte[])record!) is { } state => new Redemption.Redeemed(state),
            [{ IsNull: true }, { IsNull: true }] => new Redemption.Absent(),
            [{ IsNull: true }, { IsNullOrEmpty: true }] => new Redemption.Pending(),
            [{ IsNull: true }, var outcome] => new Redemption.Settled(outcome!),
            // A record that is not of our making is as good as none; it is gone now.
            _ => new Redemption.Absent(),
        };
    }

    public async Task<string?> FindOutcomeAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        var outcome = await AskAsync(database => database.StringGetAsync(ReceiptKey(nonce, userId)), cancel);
        return outcome.IsNullOrEmpty ? null : (string?)outcome;
    }

    public Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel) =>
        AskAsync(database => database.StringSetAsync(ReceiptKey(nonce, userId), outcome, IStateStore.OutcomeLifetime), cancel);

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancel)
    {
        var database = await connection.DatabaseAsync(cancel);
        try
        {
            // The client library looks for timeouts once a second, which would make two of one.
            return await command(database).WaitAsync(RedisAddress.OperationTimeout, cancel);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new StateStoreUnavailableException("Redis did not answer.", failure);
        }
    }

    private static RedisKey RecordKey(StateNonce nonce, UserId userId) => $"{RecordKeyPrefix(userId)}{nonce}";

    private static string RecordKeyPrefix(UserId userId) => $"fathom:{{{Tag(userId)}}}:state:";

    private static RedisKey WaitingKey(UserId userId) => $"fathom:{{{Tag(userId)}}}:waiting";

    private static RedisKey ReceiptKey(StateNonce nonce, UserId userId) => $"fathom:{{{Tag(userId)}}}:receipt:{nonce}";

    /// <summary>128 bits of the id's hash: far more than users there are.</summary>
    private static string Tag(UserId userId) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)).AsSpan(0, 16));
}
