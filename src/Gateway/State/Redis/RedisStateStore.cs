using FathomGateway.Telemetry;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>States in Redis, shared by all replicas.</summary>
/// <remarks>
/// A list for each user, of the nonces that wait, and two keys for each state, all with a time to live: the record, and its receipt, which
/// holds redeemer and record while the redeemer is at work and the outcome afterwards.
/// The user's hash stands in braces in all of them, so that a Redis Cluster keeps them in one slot (and so that no user id shows in key
/// listings).
/// </remarks>
internal sealed class RedisStateStore(RedisConnection connection, GatewayMetrics metrics, TimeProvider time) : IStateStore
{
    /// <summary>
    /// How long to ask for an answer to a redeem that was sent and not answered: long enough for a new connection, short enough for a user
    /// who waits.
    /// </summary>
    private static readonly TimeSpan RedeemTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long to try to note an outcome down: the user waits meanwhile, and is told the same without it.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(2);

    public async Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, state.UserId), WaitingKey(state.UserId)];
        RedisValue[] arguments = SaveScript.Arguments(StateRecordJson.Write(state), lifetime, nonce, RecordKeyPrefix(state.UserId));
        var saved = await AskAsync("save state", database => database.ScriptEvaluateAsync(SaveScript.Text, keys, arguments), cancel);
        if (!(bool)saved) throw new InvalidOperationException("The nonce is taken already.");
    }

    public async Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, RedeemerId redeemer, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, userId), ReceiptKey(nonce, userId)];
        RedisValue[] arguments = [(long)IStateStore.PendingLifetime.TotalSeconds, RedeemScript.PendingReceipt(redeemer)];
        // A redeem that was sent may have consumed the record, and only this redeemer can be given it again. One that was never sent costs
        // nothing: it fails at once.
        var answer = await RedisRetry.AskAsync(
            RedeemTimeout, time, again => again.MayHaveTakenEffect,
            () => AskAsync("redeem state", database => database.ScriptEvaluateAsync(RedeemScript.Text, keys, arguments), cancel), cancel);
        return RedeemScript.Read((RedisValue[])answer!);
    }

    public async Task<Redemption> LookAsync(StateNonce nonce, UserId userId, CancellationToken cancel) =>
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

    private static RedisKey RecordKey(StateNonce nonce, UserId userId) => $"{RecordKeyPrefix(userId)}{nonce}";

    private static string RecordKeyPrefix(UserId userId) => $"{RedisKeyPrefix.Prefix(userId)}state:";

    private static RedisKey WaitingKey(UserId userId) => $"{RedisKeyPrefix.Prefix(userId)}waiting";

    private static RedisKey ReceiptKey(StateNonce nonce, UserId userId) => $"{RedisKeyPrefix.Prefix(userId)}receipt:{nonce}";
}
