using FathomGateway.Audit;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>Of all deliveries of one state, or of one handle, lets the first carry on, and gives its outcome to the others. Nothing that works once is spent before all that can be checked has been.</summary>
internal sealed partial class FirstDelivery(
    IStateStore states, IConnectionStore connections, ExchangeSlots slots, FirstOutcome firstOutcome, AuditLog audit, ILogger<FirstDelivery> log)
{
    /// <param name="exchanges">Whether a code is to be exchanged: then a slot and the database must be there before anything is redeemed.</param>
    /// <param name="complete">What the first delivery does with the record; it may fail in any way.</param>
    /// <param name="cancel">Ends the wait of a browser that goes away; ignored from the moment the record is redeemed.</param>
    public async Task<CallbackOutcome> HandleAsync(
        StateNonce nonce, UserId userId, Sender sender, bool exchanges, Func<AuthorizationState, Task<CallbackOutcome>> complete, CancellationToken cancel)
    {
        try
        {
            // 1. Whoever finds no slot, or a database that is down, keeps state and code: a reload of the page will succeed.
            using var slot = exchanges ? await slots.TakeAsync(cancel) : null;
            if (exchanges && slot is null) return await FoundAsync(nonce, userId, cancel);
            if (exchanges) await connections.EnsureWritableAsync(cancel);

            // 2. Redeem: of all deliveries of this state, one carries on. From here on the browser's going away cancels nothing:
            //    a redeem that is given up half way may have happened all the same.
            var redemption = await states.RedeemAsync(nonce, userId, RedeemerId.Create(), CancellationToken.None);
            if (redemption is Redemption.Redeemed redeemed) return await SettledAsync(nonce, userId, sender, () => complete(redeemed.State));
            slot?.Dispose();
            return await firstOutcome.WaitAsync(redemption, nonce, userId, cancel);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            return await FoundAsync(nonce, userId, cancel);
        }
        catch (StateStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }
    }

    /// <summary>It may be a reload of a page whose first delivery has ended long ago.</summary>
    private async Task<CallbackOutcome> FoundAsync(StateNonce nonce, UserId userId, CancellationToken cancel) =>
        await firstOutcome.FindAsync(nonce, userId, cancel) ?? CallbackOutcome.TemporarilyUnavailable;

    /// <summary>3. Whatever becomes of it, the outcome is noted down, so that nobody waits for one that never comes.</summary>
    private async Task<CallbackOutcome> SettledAsync(StateNonce nonce, UserId userId, Sender sender, Func<Task<CallbackOutcome>> complete)
    {
        var outcome = CallbackOutcome.TemporarilyUnavailable;
        try
        {
            outcome = await complete();
        }
        catch (StateStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
        }
        catch (Exception failure)
        {
            Broken(log, userId.Value, failure);
        }

        if (outcome.IsFailure) audit.Refused(userId, outcome.Code, sender.Network);
        await SettleAsync(nonce, userId, outcome);
        return outcome;
    }

    private async Task SettleAsync(StateNonce nonce, UserId userId, CallbackOutcome outcome)
    {
        try
        {
            await states.SettleAsync(nonce, userId, outcome.Code, CancellationToken.None);
        }
        catch (StateStoreUnavailableException failure)
        {
            // The outcome stands all the same; only a reload of this page will be told less than it could be.
            NotSettled(log, failure);
        }
    }
}
