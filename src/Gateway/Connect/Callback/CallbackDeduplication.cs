using FathomGateway.Audit;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// Of all deliveries of one state, or of one handle, lets the first carry on, and gives its outcome to the others. Nothing that works once
/// is spent before all that can be checked has been.
/// </summary>
internal sealed partial class CallbackDeduplication(
    IStateStore states, ConnectionStore connections, TokenBudget budget, CodeExchangeLimit slots, CodeExchangeQueue turns, RedeemedStates redeemed,
    AuditLog audit, TimeProvider time, ILogger<CallbackDeduplication> log)
{
    /// <summary>As long as the first delivery may take from its redeem on: see <see cref="CodeExchange"/>.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks: short against an exchange, long against a look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SingleFlight<StateNonce, SettledCallback> _deliveries = new();

    /// <param name="response">
    /// Tells this authorization response from another one with the same state: <see cref="SettledCallback.Digest"/>.
    /// </param>
    /// <param name="exchanges">
    /// Whether a code is to be exchanged: then a slot and the database must be there before anything is redeemed.
    /// </param>
    /// <param name="complete">What the first delivery does with the record; it may fail in any way.</param>
    /// <param name="cancel">Ends the wait of a browser that goes away; ignored from the moment the record is redeemed.</param>
    public async Task<CallbackOutcome> HandleAsync(
        StateNonce nonce, UserId userId, ClientInfo sender, string response, bool exchanges,
        Func<AuthorizationState, Task<CallbackOutcome>> complete, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                // Those of this process share one delivery, and with it one look at the store at a time.
                var delivery = _deliveries.JoinAsync(
                    nonce, () => DeliverAsync(nonce, userId, sender, response, exchanges, complete, cancel));
                return (await delivery.WaitAsync(cancel)).For(response);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The browser that began it went away before anything was redeemed: this one begins anew.
            }
        }
    }

    private async Task<SettledCallback> DeliverAsync(
        StateNonce nonce, UserId userId, ClientInfo sender, string response, bool exchanges,
        Func<AuthorizationState, Task<CallbackOutcome>> complete, CancellationToken cancel)
    {
        // A store that has failed over may have the record again. What this process has redeemed it never redeems again.
        if (redeemed.Find(nonce) is { } known) return known;
        try
        {
            // 1. Whoever finds no slot, a database that is down, or too many of their codes refused keeps state and code: a reload of the
            //    page will succeed.
            using var turn = exchanges ? await turns.TakeAsync(userId, cancel) : null;
            using var slot = exchanges ? await slots.TakeAsync(cancel) : null;
            if (exchanges && slot is null) return await FoundAsync(nonce, userId, cancel);
            if (exchanges) await connections.EnsureWritableAsync(cancel);
            if (exchanges && await budget.MustWaitAsync(userId, cancel)) return await FoundAsync(nonce, userId, cancel);
            // 2. Redeem: of all deliveries of this state, one carries on. From here on the browser's going away cancels nothing:
            //    a redeem that is given up half way may have happened all the same.
            var redemption = await states.RedeemAsync(nonce, userId, RedeemerId.Create(), CancellationToken.None);
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

    /// <summary>It may be a reload of a page whose first delivery has ended long ago.</summary>
    private async Task<SettledCallback> FoundAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        try
        {
            return await states.LookAsync(nonce, userId, cancel) is Redemption.Settled settled
                ? SettledCallback.FromReceipt(settled.Outcome)
                : SettledCallback.NotYet;
        }
        catch (StateStoreUnavailableException)
        {
            return SettledCallback.NotYet;
        }
    }

    /// <summary>
    /// Waits for the outcome of another process's delivery. It only looks, and holds nothing meanwhile: no lock, no database connection.
    /// </summary>
    private async Task<SettledCallback> WaitAsync(Redemption redemption, StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (redemption is Redemption.Pending && time.GetElapsedTime(begun) < LongestWait)
        {
            await Task.Delay(Pause, time, cancel);
            redemption = await states.LookAsync(nonce, userId, cancel);
        }

        return redemption switch
        {
            Redemption.Settled settled => SettledCallback.FromReceipt(settled.Outcome),
            Redemption.Pending => SettledCallback.NotYet,
            _ => new SettledCallback(CallbackOutcome.ExpiredState, null),
        };
    }

    /// <summary>3. Whatever becomes of it, the outcome is noted down, so that nobody waits for one that never comes.</summary>
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
            // The outcome stands all the same; only a reload of this page at another replica will be told less than it could be.
            NotSettled(log, failure);
        }

        return settled;
    }
}
