using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// Processes an authorization response up to a stored connection, or up to a parked code where the link has to be confirmed.
/// </summary>
internal sealed partial class AuthorizationResponseHandler(
    SignedState signedState, ConnectRateLimits limits, CallbackDeduplication deliveries, LinkBindingOptions link, CodeExchange exchange,
    LinkConfirmation confirmation, GatewayMetrics metrics, ILogger<AuthorizationResponseHandler> log)
{
    /// <param name="cancel">Cancels the wait when the browser disconnects. Ignored once the state is redeemed.</param>
    /// <returns>The query or fragment to append to the frontend's return address.</returns>
    public async Task<string> HandleAsync(AuthorizationResponse response, ClientInfo sender, CancellationToken cancel)
    {
        // 1. Verify the state's signature, which needs no store.
        var outcome = signedState.TryRead(response.State, out var userId, out var nonce)
            ? await HandleAsync(response, userId, nonce, sender, cancel)
            : CallbackOutcome.InvalidState;
        metrics.Callback(outcome.Code);
        return outcome == CallbackOutcome.ToConfirm ? confirmation.Fragment(userId, nonce) : outcome.Query;
    }

    private async Task<CallbackOutcome> HandleAsync(
        AuthorizationResponse response, UserId userId, StateNonce nonce, ClientInfo sender, CancellationToken cancel)
    {
        // 2. Limit the callbacks per client address.
        if (response is { Code: null, Error: null }) return CallbackOutcome.ExchangeFailed;
        if (!limits.AllowCallback(sender.Address))
        {
            metrics.RateLimited(CallbackEndpoint.Path);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        // 3. Redeem the state once, and record the outcome.
        var exchanges = response.Error is null && link.Binding != LinkBinding.Confirm;
        return await deliveries.HandleAsync(
            nonce, userId, sender, response.Digest, exchanges, state => CompleteAsync(response, state, userId, nonce, sender), cancel);
    }

    private async Task<CallbackOutcome> CompleteAsync(
        AuthorizationResponse response, AuthorizationState state, UserId signedUserId, StateNonce nonce, ClientInfo sender)
    {
        // 4. The record decides whose connection this is. A signed state that names another user was not made for it.
        if (state.UserId != signedUserId) return CallbackOutcome.InvalidState;

        // 5. Check the cookie after the state is spent, so that a leaked response is worthless afterwards.
        if (link.Binding == LinkBinding.Cookie && !sender.IsBoundTo(state)) return CallbackOutcome.NotConfirmed;
        if (response.Error is not null) return Denied(response.Error, state.UserId);

        // 6. Exchange the code and store the tokens, now or after the user's confirmation.
        return link.Binding == LinkBinding.Confirm
            ? await confirmation.ParkAsync(response.Code!, state, nonce)
            : await exchange.CompleteAsync(response.Code!, state, sender);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} was not authorized by the provider: {Outcome}.")]
    private static partial void NotAuthorized(ILogger log, string userId, string outcome);
}
