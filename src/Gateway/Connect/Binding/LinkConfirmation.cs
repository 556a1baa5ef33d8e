using FathomGateway.Audit;
using FathomGateway.Connect.Callback;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// Stores a code until the frontend confirms its user with a JWT. Any browser could return from the provider. The JWT proves, before the
/// token request creates the link, that it is the browser of the user who started.
/// </summary>
internal sealed class LinkConfirmation(
    ParkedCodes codes, IStateStore states, CallbackDeduplication deliveries, CodeExchange exchange, FrontendOptions frontend,
    AuditLog audit)
{
    /// <summary>
    /// The fragment that passes the handle to the frontend. Browsers send a fragment to no server and in no Referer. Where the return
    /// address has a fragment, this is a query within it.
    /// </summary>
    public string Fragment(UserId userId, StateNonce state) =>
        $"{(frontend.HasFragment ? '?' : '#')}fathom_confirm={codes.HandleOf(userId, state).Handle}";

    /// <summary>Stores the encrypted code of a redeemed state.</summary>
    /// <exception cref="StateStoreUnavailableException">The code could not be stored and is lost.</exception>
    public async Task<CallbackOutcome> ParkAsync(string code, AuthorizationState state, StateNonce nonce)
    {
        var (_, parked) = codes.HandleOf(state.UserId, nonce);
        await states.SaveAsync(parked, codes.Seal(state, parked, code), IStateStore.ParkedLifetime, CancellationToken.None);
        return CallbackOutcome.ToConfirm;
    }

    /// <param name="user">The user of the JWT.</param>
    public async Task<CallbackOutcome> ConfirmAsync(string handle, UserId user, ClientInfo sender, CancellationToken cancel)
    {
        if (!codes.TryReadHandle(handle, out var owner, out var parked)) return CallbackOutcome.InvalidState;
        var outcome = await deliveries.HandleAsync(
            parked, owner, sender, SettledCallback.Digest(handle), exchanges: true, state => CompleteAsync(state, parked, user, sender),
            cancel);
        // Another user does not learn the outcome of a used handle.
        return owner == user || outcome == CallbackOutcome.TemporarilyUnavailable ? outcome : CallbackOutcome.NotConfirmed;
    }

    /// <summary>The handle is already redeemed, so that the wrong user's attempt invalidates it.</summary>
    private async Task<CallbackOutcome> CompleteAsync(AuthorizationState state, StateNonce parked, UserId user, ClientInfo sender)
    {
        if (state.UserId != user)
        {
            audit.ConfirmedByAnother(state.UserId, user, sender.Network);
            return CallbackOutcome.NotConfirmed;
        }

        // Without its encryption key the code is lost, and the user has to start again.
        return codes.Open(state, parked) is { } code
            ? await exchange.CompleteAsync(code, state, sender)
            : CallbackOutcome.ExchangeFailed;
    }
}
