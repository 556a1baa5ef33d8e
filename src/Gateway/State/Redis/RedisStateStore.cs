using FathomGateway.Telemetry;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>States in Redis, shared by all replicas.</summary>
/// <remarks>
/// Each user has a list of the nonces that wait. Each state has two keys: the record, and the receipt, which holds redeemer and record
/// until the state is settled and the outcome afterwards. All keys have a time to live, and begin with <see cref="RedisKeyPrefix"/>.
/// </remarks>
internal sealed class RedisStateStore(RedisConnection connection, GatewayMetrics metrics, TimeProvider time) : IStateStore
{
    /// <summary>
    /// How long a redeem that was sent and not answered is repeated: long enough for a new connection, short enough for a user who waits.
    /// </summary>
    private static readonly TimeSpan RedeemTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Time limit for storing an outcome. The user waits for it, and gets the same answer if it fails.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(2);

    public async Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel)
    {
        var slot = RedisKeyPrefix.Of(state.UserId);
        var prefix = RecordKeyPrefix(slot);
        RedisKey[] keys = [$"{prefix}{nonce}", $"{slot}waiting"];
        RedisValue[] arguments = SaveScript.Arguments(StateRecordJson.Write(state), lifetime, nonce, prefix);
        var saved = await AskAsync("save state", database => database.ScriptEvaluateAsync(SaveScript.Text, keys, arguments), cancel);
        if (!(bool)saved) throw new InvalidOperationException("The nonce is taken already.");
    }

    public async Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, RedeemerId redeemer, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, userId), ReceiptKey(nonce, userId)];
        RedisValue[] arguments = [(long)IStateStore.PendingLifetime.TotalSeconds, RedeemScript.PendingReceipt(redeemer)];
        // A redeem that was sent may have consumed the record, and only this redeemer can get it again. One that was not sent fails at
        // once.
        var answer = await RedisRetry.AskAsync(
            RedeemTimeout, time, again => again.MayHaveTakenEffect,
            () => AskAsync("redeem state", database => database.ScriptEvaluateAsync(RedeemScript.Text, keys, arguments), cancel), cancel);
        return RedeemScript.Read((RedisValue[])answer!);
    }

    public async Task<Redemption> PeekAsync(StateNonce nonce, UserId userId, CancellationToken cancel) =>
        RedeemScript.OfReceipt(await AskAsync("find outcome", database => database.StringGetAsync(ReceiptKey(nonce, userId)), cancel));

    public Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel) => RedisRetry.AskAsync(
        SettleTimeout, time, _ => true,
        () => AskAsync(
            "settle state", database => database.StringSetAsync(ReceiptKey(nonce, userId), outcome, IStateStore.OutcomeLifetime), cancel),
        cancel);

    private async Task<T> AskAsync<T>(string what, Func<IDatabase, Task<T>> command, CancellationToken cancel)
    {
        using var span = GatewaySpans.Redis(what);
        var begun = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await connection.AskAsync(command, cancel);
            outcome = "ok";
            return answer;
        }
        finally
        {
            GatewaySpans.End(span, outcome);
            metrics.RedisCommand(time.GetElapsedTime(begun), outcome);
        }
    }

    private static string RecordKeyPrefix(string slot) => $"{slot}state:";

    private static RedisKey RecordKey(StateNonce nonce, UserId userId) => $"{RecordKeyPrefix(RedisKeyPrefix.Of(userId))}{nonce}";

    private static RedisKey ReceiptKey(StateNonce nonce, UserId userId) => $"{RedisKeyPrefix.Of(userId)}receipt:{nonce}";
}
