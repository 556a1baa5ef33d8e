using FathomGateway.Telemetry;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>States in Redis, shared by all replicas.</summary>
/// <remarks>
/// Each user has a list of the nonces that are not redeemed yet. Each state has two keys: the record and the receipt. Until the state is
/// settled, the receipt holds the redeemer and the record. Afterwards it holds the outcome. All keys have a time to live and begin with
/// <see cref="RedisKeyPrefix"/>.
/// </remarks>
internal sealed class RedisStateStore(RedisConnection connection, GatewayMetrics metrics, TimeProvider time) : IStateStore
{
    /// <summary>
    /// How long a redeem that was sent and not answered is repeated. This is long enough for a new connection, and short enough for a user
    /// who waits.
    /// </summary>
    private static readonly TimeSpan RedeemTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Time limit for storing an outcome. The user waits for it. A failure does not change the answer to the user.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The receipt of a redeemer begins with this text. No outcome does.</summary>
    private const string PendingPrefix = "pending:";

    public async Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel)
    {
        var slot = RedisKeyPrefix.Of(state.UserId);
        var prefix = RecordKeyPrefix(slot);
        RedisKey[] keys = [$"{prefix}{nonce}", $"{slot}waiting"];
        RedisValue[] arguments =
        [
            StateRecordJson.Write(state), (long)lifetime.TotalSeconds, nonce.Text, IStateStore.MaxPerUser, prefix,
            (long)IStateStore.StateLifetime.TotalSeconds,
        ];
        var saved = await ExecuteAsync("save state", database => database.ScriptEvaluateAsync(StateScripts.Save, keys, arguments), cancel);
        if (!(bool)saved) throw new InvalidOperationException("The nonce is taken already.");
    }

    public async Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, Guid redeemer, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, userId), ReceiptKey(nonce, userId)];
        RedisValue[] arguments = [(long)IStateStore.PendingLifetime.TotalSeconds, $"{PendingPrefix}{redeemer}:"];
        // A redeem that was sent may have consumed the record, and only this redeemer can get it again. A redeem that was not sent fails at
        // once.
        var answer = await RedisRetry.ExecuteAsync(
            RedeemTimeout, time, failure => failure.MayHaveTakenEffect,
            () => ExecuteAsync("redeem state", database => database.ScriptEvaluateAsync(StateScripts.Redeem, keys, arguments), cancel),
            cancel);
        var values = (RedisValue[])answer!;
        return values switch
        {
            [{ IsNull: false } record, ..] when StateRecordJson.Read((byte[])record!) is { } state => new Redemption.Redeemed(state),
            [{ IsNull: true }, var receipt] => OfReceipt(receipt),
            // There is no record, or the consumed text was no record of this gateway.
            _ => new Redemption.Absent(),
        };
    }

    public async Task<Redemption> PeekAsync(StateNonce nonce, UserId userId, CancellationToken cancel) =>
        OfReceipt(await ExecuteAsync("find outcome", database => database.StringGetAsync(ReceiptKey(nonce, userId)), cancel));

    public Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel) => RedisRetry.ExecuteAsync(
        SettleTimeout, time, _ => true,
        () => ExecuteAsync(
            "settle state", database => database.StringSetAsync(ReceiptKey(nonce, userId), outcome, IStateStore.OutcomeLifetime), cancel),
        cancel);

    private static Redemption OfReceipt(RedisValue receipt) => receipt switch
    {
        { IsNull: true } => new Redemption.Absent(),
        var pending when pending.StartsWith(PendingPrefix) => new Redemption.Pending(),
        _ => new Redemption.Settled(receipt!),
    };

    private async Task<T> ExecuteAsync<T>(string what, Func<IDatabase, Task<T>> command, CancellationToken cancel)
    {
        using var span = GatewaySpans.Redis(what);
        var begun = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await connection.ExecuteAsync(command, cancel);
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
