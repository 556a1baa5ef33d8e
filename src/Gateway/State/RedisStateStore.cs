using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Users;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>States in Redis, shared by all replicas.</summary>
/// <remarks>
/// Two keys a state, both with a time to live: the record, and its receipt, which holds redeemer and record while the redeemer is at work and the outcome afterwards.
/// The user's hash stands in braces in both, so that a Redis Cluster keeps them in one slot (and so that no user id shows in key listings).
/// </remarks>
internal sealed class RedisStateStore(RedisConnection connection, TimeProvider time) : IStateStore
{
    /// <summary>How long to ask for an answer to a redeem that was sent and not answered: long enough for a new connection, short enough for a user who waits.</summary>
    private static readonly TimeSpan RedeemTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long to try to note an outcome down: the user waits meanwhile, and is told the same without it.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(2);

    public async Task SaveAsync(StateNonce nonce, AuthorizationState state, CancellationToken cancel)
    {
        var saved = await connection.AskAsync(
            database => database.StringSetAsync(RecordKey(nonce, state.UserId), StateRecordJson.Write(state), IStateStore.StateLifetime, When.NotExists), cancel);
        if (!saved) throw new InvalidOperationException("The nonce is taken already.");
    }

    public async Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, RedeemerId redeemer, CancellationToken cancel)
    {
        RedisKey[] keys = [RecordKey(nonce, userId), ReceiptKey(nonce, userId)];
        RedisValue[] arguments = [(long)IStateStore.PendingLifetime.TotalSeconds, RedeemScript.PendingReceipt(redeemer)];
        // A redeem that was sent may have consumed the record, and only this redeemer can be given it again. One that was never sent costs nothing: it fails at once.
        var answer = await Repeated.AskAsync(
            RedeemTimeout, time, again => again.MayHaveTakenEffect, () => connection.AskAsync(database => database.ScriptEvaluateAsync(RedeemScript.Text, keys, arguments), cancel), cancel);
        return RedeemScript.Read((RedisValue[])answer!);
    }

    public async Task<string?> FindOutcomeAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        var receipt = await connection.AskAsync(database => database.StringGetAsync(ReceiptKey(nonce, userId)), cancel);
        return receipt.IsNull || RedeemScript.IsPending(receipt) ? null : (string?)receipt;
    }

    public Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel) => Repeated.AskAsync(
        SettleTimeout, time, _ => true, () => connection.AskAsync(database => database.StringSetAsync(ReceiptKey(nonce, userId), outcome, IStateStore.OutcomeLifetime), cancel), cancel);

    private static RedisKey RecordKey(StateNonce nonce, UserId userId) => $"fathom:{{{Tag(userId)}}}:state:{nonce}";

    private static RedisKey ReceiptKey(StateNonce nonce, UserId userId) => $"fathom:{{{Tag(userId)}}}:receipt:{nonce}";

    /// <summary>128 bits of the id's hash: far more than users there are.</summary>
    private static string Tag(UserId userId) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)).AsSpan(0, 16));
}
