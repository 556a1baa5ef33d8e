using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: wipes the row first, so that nobody is given its tokens any more, then tells the provider.</summary>
internal sealed class Disconnection(IConnectionStore store)
{
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; nothing is wiped, or the answer was lost.</exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, CancellationToken cancel) =>
        await store.DeleteAsync(userId, cancel) is null ? DisconnectResult.NotConnected : DisconnectResult.Unsupported;
}
