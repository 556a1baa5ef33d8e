using FathomGateway.Audit;
using FathomGateway.Tokens.Rescue;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: wipes the row first, so that nobody is given its tokens any more, then tells the provider.</summary>
internal sealed class Disconnection(IConnectionStore store, RescueDrain rescued, OrphanedGrant orphans, AuditLog audit)
{
    /// <param name="cancel">Ends the wait before anything is done. Once the row is wiped the provider is told, whoever goes away.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; nothing is wiped, or the answer was lost.</exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var row = await store.DeleteAsync(userId, CancellationToken.None);
        // Tokens that wait to be stored are newer than those of the row, if there is one: what the provider says to them counts.
        var result = await rescued.EndAsync(userId) ?? (row is null ? DisconnectResult.NotConnected : await orphans.RevokeAsync(row));
        if (result == DisconnectResult.NotConnected) return result;
        audit.Disconnected(userId, ProviderRevoked.Word(result)!);
        return result;
    }
}
