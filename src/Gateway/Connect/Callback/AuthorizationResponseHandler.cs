using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>From an authorization response to a stored connection, or to a parked code where the link has to be confirmed.</summary>
internal sealed partial class AuthorizationResponseHandler(
    SignedState signedState, ConnectRateLimits limits, CallbackDeduplication deliveries, LinkBindingOptions link, CodeExchange exchange,
    LinkConfirmation confirmation, GatewayMetrics metrics, ILogger<AuthorizationResponseHandler> log)
{
    /// <param name="cancel">Ends the wait of a browser that goes away; ignored from the moment the state is redeemed.</param>
    /// <returns>What the address that the browser is returned to ends with.</returns>
    public async Task<string> HandleAsync(AuthorizationResponse response, ClientInfo sender, CancellationToken cancel)
    {
        // 1. The signature tells garbage from a state of ours, without asking any store.
        var outcome = signedState.TryRead(response.State, out var userId, out var nonce)
            ? await HandleAsync(response, userId, nonce, sender, cancel)
            : CallbackOutcome.InvalidState;
        metrics.Callback(outcome.Code);
        return outcome == CallbackOutcome.ToConfirm ? confirmation.Fragment(userId, nonce) : outcome.Query;
    }

    private async Task<CallbackOutcome> HandleAsync(
        AuthorizationResponse response, UserId userId, StateNonce nonce, ClientInfo sender, CancellationToken cancel)
    {
        // 2. Who brings too many states of ours is told to wait.
        if (response is { Code: null, Error: null }) return CallbackOutcome.ExchangeFailed;
        if (!limits.AllowCallback(sender.Address))
        {
            metrics.RateLimited(CallbackEndpoint.Path);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        // 3. Redeem the state once, and note down what became of it.
        var exchanges = response.Error is null && link.Binding != LinkBinding.Confirm;
        return await deliveries.HandleAsync(
            nonce, userId, sender, response.Digest, exchanges, state => CompleteAsync(response, state, userId, nonce, sender), cancel);
    }

    private async Task<CallbackOutcome> CompleteAsync(
        AuthorizationResponse response, AuthorizationState state, UserId signedUserId, StateNonce nonce, ClientInfo sender)
    {
        // 4. The record is the authority on whose connection this is; a signed state that disagrees with it was not made for it.
        if (state.UserId != signedUserId) return CallbackOutcome.InvalidState;

        // 5. Only now, when the state is spent: a response that leaked is worth nothing afterwards, wherever it is brought.
        if (link.Binding == LinkBinding.Cookie && !sender.IsBoundTo(state)) return CallbackOutcome.NotConfirmed;
        if (response.Error is not null) return Denied(response.Error, state.UserId);

        // 6. Exchange and store, now or when the user has confirmed.
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
