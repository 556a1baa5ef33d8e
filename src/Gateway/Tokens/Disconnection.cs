using FathomGateway.Audit;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: wipes the row first, so that nobody is given its tokens any more, then tells the provider.</summary>
internal sealed class Disconnection(IConnectionStore store, OrphanedGrant orphans, AuditLog audit)
{
    /// <param name="cancel">Ends the wait before anything is done. Once the row is wiped the provider is told, whoever goes away.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; nothing is wiped, or the answer was lost.</exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (await store.DeleteAsync(userId, CancellationToken.None) is not { } row) return DisconnectResult.NotConnected;
        var result = await orphans.RevokeAsync(row);
        audit.Disconnected(userId, ProviderRevoked.Word(result)!);
        return result;
    }
}
