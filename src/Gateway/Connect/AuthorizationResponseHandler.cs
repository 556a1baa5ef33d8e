using FathomGateway.Fathom;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>From an authorization response to a stored connection. Nothing that works once is spent before all that can be checked has been.</summary>
internal sealed partial class AuthorizationResponseHandler(
    SignedState signedState, IStateStore states, IConnectionStore connections, ConnectionWriter writer, TokenEndpointClient tokenEndpoint, TokenBudget budget, FirstOutcome firstOutcome,
    ILogger<AuthorizationResponseHandler> log)
{
    /// <param name="cancel">Ends the wait of a browser that goes away; ignored from the moment the state is redeemed.</param>
    public async Task<CallbackOutcome> HandleAsync(AuthorizationResponse response, CancellationToken cancel)
    {
        // 1. The signature tells garbage from a state of ours, without asking any store.
        if (!signedState.TryRead(response.State, out var userId, out var nonce)) return CallbackOutcome.InvalidState;
        if (response is { Code: null, Error: null }) return CallbackOutcome.ExchangeFailed;

        try
        {
            // 2. A database that is down leaves state and code usable: a reload of the page will succeed.
            if (response.Error is null) await connections.EnsureWritableAsync(cancel);

            // 3. Redeem: of all deliveries of this state, one carries on. From here on the browser's going away cancels nothing:
            //    a redeem that is given up half way may have happened all the same.
            var redemption = await states.RedeemAsync(nonce, userId, CancellationToken.None);
            if (redemption is not Redemption.Redeemed redeemed) return await firstOutcome.WaitAsync(redemption, nonce, userId, cancel);
            return await SettledAsync(response, redeemed.State, nonce, userId);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            // It may be a reload of a callback that has ended long ago.
            return await firstOutcome.FindAsync(nonce, userId, cancel) ?? CallbackOutcome.TemporarilyUnavailable;
        }
        catch (StateStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }
    }

    /// <summary>4. Whatever becomes of it, the outcome is noted down, so that nobody waits for one that never comes.</summary>
    private async Task<CallbackOutcome> SettledAsync(AuthorizationResponse response, AuthorizationState state, StateNonce nonce, UserId userId)
    {
        var outcome = CallbackOutcome.TemporarilyUnavailable;
        try
        {
            outcome = await CompleteAsync(response, state, userId);
        }
        catch (Exception failure)
        {
            Broken(log, userId.Value, failure);
        }

        await SettleAsync(nonce, userId, outcome);
        return outcome;
    }

    private async Task<CallbackOutcome> CompleteAsync(AuthorizationResponse response, AuthorizationState state, UserId signedUserId)
    {
        // 5. The record is the authority on whose connection this is; a signed state that disagrees with it was not made for it.
        if (state.UserId != signedUserId) return CallbackOutcome.InvalidState;
        if (response.Error is not null) return Denied(response.Error, state.UserId);

        // 6. The code works once (RFC 6749, section 4.1.2): it is sent once, whatever comes back. It counts in the app's budget of token
        //    calls, and does not wait for the counting.
        _ = budget.CountAsync(CancellationToken.None);
        var result = await tokenEndpoint.ExchangeAsync(response.Code!, state.CodeVerifier, CancellationToken.None);
        if (result is not TokenResult.Granted granted) return await NotGrantedAsync(result, state.UserId);

        // 7. "Connected" is said after the commit, never before.
        try
        {
            await writer.StoreAsync(state.UserId, granted.Tokens, CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            Lost(log, state.UserId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        Connected(log, state.UserId.Value);
        return CallbackOutcome.Connected;
    }

    private CallbackOutcome Denied(string error, UserId userId)
    {
        var outcome = error switch
        {
            "access_denied" => CallbackOutcome.AccessDenied,
            "server_error" or "temporarily_unavailable" => CallbackOutcome.ProviderUnavailable,
            _ => CallbackOutcome.ExchangeFailed,
        };
        NotAuthorized(log, userId.Value, outcome.Code);
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
