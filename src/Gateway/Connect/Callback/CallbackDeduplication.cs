using FathomGateway.Audit;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// Processes the first of all deliveries of one state or confirmation handle and gives its outcome to the others. Everything that can be
/// checked is checked before a one-time value is used.
/// </summary>
internal sealed partial class CallbackDeduplication(
    IStateStore states, ConnectionStore connections, TokenBudget budget, CodeExchangeLimit slots, CodeExchangeQueue turns,
    RedeemedStates redeemed,
    AuditLog audit, TimeProvider time, ILogger<CallbackDeduplication> log)
{
    /// <summary>Time limit of the first delivery after the redeem: see <see cref="CodeExchange"/>.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(15);

    /// <summary>Pause between two reads of the outcome: short compared with an exchange, long compared with a read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SingleFlight<StateNonce, SettledCallback> _deliveries = new();

    /// <param name="response">Distinguishes authorization responses with the same state: <see cref="SettledCallback.Digest"/>.</param>
    /// <param name="exchanges">Whether a code will be exchanged. A slot and the database must then be available before the redeem.</param>
    /// <param name="complete">Completes the first delivery with the record; may throw.</param>
    /// <param name="cancel">Cancels the wait when the browser disconnects. Ignored once the record is redeemed.</param>
    public async Task<CallbackOutcome> HandleAsync(
        StateNonce nonce, UserId userId, ClientInfo sender, string response, bool exchanges,
        Func<AuthorizationState, Task<CallbackOutcome>> complete, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                // Deliveries in this process share one run, and so one read of the store at a time.
                var delivery = _deliveries.JoinAsync(
                    nonce, () => DeliverAsync(nonce, userId, sender, response, exchanges, complete, cancel));
                return (await delivery.WaitAsync(cancel)).For(response);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The browser of the shared run disconnected before the redeem. Start again.
            }
        }
    }

    private async Task<SettledCallback> DeliverAsync(
        StateNonce nonce, UserId userId, ClientInfo sender, string response, bool exchanges,
        Func<AuthorizationState, Task<CallbackOutcome>> complete, CancellationToken cancel)
    {
        // After a failover the store may have the record again. This process never redeems it twice.
        if (redeemed.Find(nonce) is { } known) return known;
        try
        {
            // 1. Without a slot or a database, or with too many refused codes, state and code stay unused, and a reload of the page can
            // succeed.
            using var turn = exchanges ? await turns.TakeAsync(userId, cancel) : null;
            using var slot = exchanges ? await slots.TakeAsync(cancel) : null;
            if (exchanges && slot is null) return await FoundAsync(nonce, userId, cancel);
            if (exchanges) await connections.EnsureWritableAsync(cancel);
            if (exchanges && await budget.MustWaitAsync(userId, cancel)) return await FoundAsync(nonce, userId, cancel);
            // 2. Redeem: only one delivery succeeds. From here on a disconnect cancels nothing, because a cancelled redeem may have
            // happened all the same.
            var redemption = await states.RedeemAsync(nonce, userId, Guid.NewGuid(), CancellationToken.None);
            if (redemption is Redemption.Redeemed first)
            {
                return await SettledAsync(nonce, userId, sender, response, () => complete(first.State));
            }

            slot?.Dispose();
            turn?.Dispose();
            return await WaitAsync(redemption, nonce, userId, cancel);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            return await FoundAsync(nonce, userId, cancel);
        }
        catch (StateStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            return SettledCallback.NotYet;
        }
    }

    /// <summary>
    /// Finds the outcome of the first delivery. This delivery may be a reload of a page whose first delivery ended long ago.
    /// </summary>
    private async Task<SettledCallback> FoundAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        try
        {
            return await states.PeekAsync(nonce, userId, cancel) is Redemption.Settled settled
                ? SettledCallback.FromReceipt(settled.Outcome)
                : SettledCallback.NotYet;
        }
        catch (StateStoreUnavailableException)
        {
            return SettledCallback.NotYet;
        }
    }

    /// <summary>Waits for the outcome of another process's delivery. It polls and holds no lock and no database connection.</summary>
    private async Task<SettledCallback> WaitAsync(Redemption redemption, StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (redemption is Redemption.Pending && time.GetElapsedTime(begun) < MaxWait)
        {
            await Task.Delay(Pause, time, cancel);
            redemption = await states.PeekAsync(nonce, userId, cancel);
        }

        return redemption switch
        {
            Redemption.Settled settled => SettledCallback.FromReceipt(settled.Outcome),
            Redemption.Pending => SettledCallback.NotYet,
            _ => new SettledCallback(CallbackOutcome.ExpiredState, null),
        };
    }

    /// <summary>3. Records the outcome in every case, so that no other delivery waits for one that never comes.</summary>
    private async Task<SettledCallback> SettledAsync(
        StateNonce nonce, UserId userId, ClientInfo sender, string response, Func<Task<CallbackOutcome>> complete)
    {
        redeemed.Add(nonce);
        var outcome = await CompletedAsync(userId, complete);
        if (outcome.IsFailure) audit.Refused(userId, outcome.Code, sender.Network);
        var settled = new SettledCallback(outcome, response);
        redeemed.Settle(nonce, settled);
        try
        {
            await states.SettleAsync(nonce, userId, settled.ToReceipt(), CancellationToken.None);
        }
        catch (StateStoreUnavailableException failure)
        {
            // The outcome is valid all the same. Only a reload at another replica gets a less exact one.
            NotSettled(log, failure);
        }

        return settled;
    }
}
