using FathomGateway.Audit;
using FathomGateway.Tokens.Rescue;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: wipes the row first, so that nobody is given its tokens any more, then tells the provider.</summary>
internal sealed partial class Disconnection(
    ConnectionStore store, RescueDrain rescued, OrphanedGrant orphans, RefreshesUnderWay underWay, AuditLog audit, TimeProvider clock, ILogger<Disconnection> log)
{
    /// <param name="cancel">Ends the wait before anything is done. Once the row is wiped the provider is told, whoever goes away.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve, or not in time: then the wiping goes on.</exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var wiping = store.DeleteAsync(userId, CancellationToken.None);
        var ending = underWay.Run(() => EndAsync(userId, wiping));
        try
        {
            // It may be wiped later all the same, and what is in it exists nowhere else: the provider is told then.
            await wiping.WaitAsync(Database.StoreTimeout, clock, CancellationToken.None);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("The database has not wiped the connection in time.", failure);
        }

        return await ending;
    }

    private async Task<DisconnectResult> EndAsync(UserId userId, Task<Connection?> wiping)
    {
        try
        {
            return await EndAsync(userId, await wiping);
        }
        catch (Exception failure)
        {
            // Its caller may have gone.
            NotEnded(log, userId.Value, failure);
            throw;
        }
    }

    private async Task<DisconnectResult> EndAsync(UserId userId, Connection? row)
    {
        // Tokens that wait to be stored are newer than those of the row, if there is one: what the provider says to them counts.
        var result = await rescued.EndAsync(userId) ?? (row is null ? DisconnectResult.NotConnected : await orphans.RevokeAsync(row));
        if (result == DisconnectResult.NotConnected) return result;
        audit.Disconnected(userId, ProviderRevoked.Word(result)!);
        return result;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} could not be disconnected.")]
    private static partial void NotEnded(ILogger log, string userId, Exception failure);
}
