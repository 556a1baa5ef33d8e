using FathomGateway.Audit;
using FathomGateway.Connect.Callback;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// Parks a code until the frontend has said, with a JWT, whose it is. The browser that comes back from the provider may be anybody's;
/// the JWT in it tells whether it is the browser of the user who began, before a token request makes the link.
/// </summary>
internal sealed class LinkConfirmation(
    ConfirmationHandle handles, ParkedCode parkedCode, IStateStore states, CallbackDeduplication deliveries, CodeExchange exchange,
    FrontendOptions frontend, AuditLog audit)
{
    /// <summary>
    /// What hands the frontend the state's handle: a fragment, which browsers send to no server and in no Referer. Where the return address
    /// has one, it is a query within that.
    /// </summary>
    public string Fragment(UserId userId, StateNonce state) =>
        $"{(frontend.HasFragment ? '?' : '#')}fathom_confirm={handles.For(userId, state).Handle}";

    /// <summary>Keeps the code of a redeemed state, encrypted.</summary>
    /// <exception cref="StateStoreUnavailableException">The code could not be kept; it is lost.</exception>
    public async Task<CallbackOutcome> ParkAsync(string code, AuthorizationState state, StateNonce nonce)
    {
        var (_, parked) = handles.For(state.UserId, nonce);
        await states.SaveAsync(parked, parkedCode.Seal(state, parked, code), IStateStore.ParkedLifetime, CancellationToken.None);
        return CallbackOutcome.ToConfirm;
    }

    /// <param name="user">The user of the JWT.</param>
    public async Task<CallbackOutcome> ConfirmAsync(string handle, UserId user, ClientInfo sender, CancellationToken cancel)
    {
        if (!handles.TryRead(handle, out var owner, out var parked)) return CallbackOutcome.InvalidState;
        var outcome = await deliveries.HandleAsync(
            parked, owner, sender, SettledCallback.Digest(handle), exchanges: true, state => CompleteAsync(state, parked, user, sender),
            cancel);
        // A stranger who brings a handle that is spent already is not told what became of it.
        return owner == user || outcome == CallbackOutcome.TemporarilyUnavailable ? outcome : CallbackOutcome.NotConfirmed;
    }

    /// <summary>The handle is spent when this begins, so that one which is brought by the wrong user is burnt.</summary>
    private async Task<CallbackOutcome> CompleteAsync(AuthorizationState state, StateNonce parked, UserId user, ClientInfo sender)
    {
        if (state.UserId != user)
        {
            audit.ConfirmedByAnother(state.UserId, user, sender.Network);
            return CallbackOutcome.NotConfirmed;
        }

        // Without its key a code is as good as none; the user begins again.
        return parkedCode.Open(state, parked) is { } code
            ? await exchange.CompleteAsync(code, state, sender)
            : CallbackOutcome.ExchangeFailed;
    }
}
