using FathomGateway.Audit;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Ends a connection. Deletes the row first, so that its tokens are no longer given out, and then revokes the tokens at the provider.
/// </summary>
internal sealed partial class Disconnection(
    ConnectionStore store, PendingTokenDrain drain, GrantRevocation revocation, InFlightWork inFlight, AuditLog audit,
    TimeProvider clock, ILogger<Disconnection> log)
{
    /// <summary>Pause between two attempts to learn whether a row is deleted.</summary>
    private static readonly TimeSpan DoubtPause = TimeSpan.FromSeconds(1);

    /// <param name="actor">One of <see cref="DisconnectActor"/>, for the audit log.</param>
    /// <param name="cancel">Has an effect before anything is done. Once the row is deleted, the tokens are revoked in any case.</param>
    /// <exception cref="ConnectionStoreUnavailableException">
    /// The database cannot serve in time. The deletion continues. It leaves a connection that the user makes meanwhile.
    /// </exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, string actor, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var deleting = DeleteRowAsync(userId);
        var revoking = inFlight.Run(() => RevokeAsync(userId, actor, deleting));
        try
        {
            // After the time limit the row may still be deleted, and its tokens are then revoked: they exist nowhere else.
            await deleting.WaitAsync(Database.StoreTimeout, clock, CancellationToken.None);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("The database has not wiped the connection in time.", failure);
        }

        return await revoking;
    }

    /// <returns>The deleted row, also where the answer to the commit was lost; null where there was none.</returns>
    private async Task<Connection?> DeleteRowAsync(UserId userId)
    {
        Connection? row = null;
        var asked = clock.GetTimestamp();
        try
        {
            return await store.DeleteAsync(userId, CancellationToken.None, deleted => row = deleted, () => clock.GetElapsedTime(asked));
        }
        catch (ConnectionStoreUnavailableException) when (row is not null)
        {
            if (await IsStoredAsync(row)) throw;
            return row;
        }
    }

    /// <summary>
    /// Repeats the query until the database answers. If the row is deleted, its tokens exist in this process alone, and have to be revoked.
    /// </summary>
    private async Task<bool> IsStoredAsync(Connection row)
    {
        while (true)
        {
            try
            {
                return await store.HasGrantAsync(row.UserId, row.GrantId, CancellationToken.None);
            }
            catch (ConnectionStoreUnavailableException)
            {
                await Task.Delay(DoubtPause, clock);
            }
        }
    }

    /// <summary>Revokes the pending tokens of the user, or those of the deleted row.</summary>
    private async Task<DisconnectResult> RevokeAsync(UserId userId, string actor, Task<Connection?> deleting)
    {
        try
        {
            var row = await deleting;
            // Pending tokens are newer than the tokens of the row, so the provider's answer to them is the result.
            var result = await drain.RevokeAsync(userId)
                ?? (row is null ? DisconnectResult.NotConnected : await revocation.RevokeAsync(userId, row.AccessToken, row.RefreshToken));
            if (ProviderRevoked.Code(result) is { } code) audit.Disconnected(userId, actor, code);
            return result;
        }
        catch (Exception failure)
        {
            // The caller may not wait any more, so the failure is logged here.
            NotEnded(log, userId.Printable, failure);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} could not be disconnected.")]
    private static partial void NotEnded(ILogger log, string userId, Exception failure);
}

/// <summary>The result of a disconnect at the provider. The row is deleted in any case.</summary>
internal enum DisconnectResult
{
    NotConnected,

    /// <summary>The provider has revoked the tokens (RFC 7009).</summary>
    Revoked,

    /// <summary>The provider refused, or could not be reached. The grant may stay valid at the provider.</summary>
    NotRevoked,

    /// <summary>The provider offers no revocation. The user can end the grant in their account at the provider.</summary>
    Unsupported,
}

/// <summary>The member <c>provider_revoked</c> of the answer to a disconnect.</summary>
internal static class ProviderRevoked
{
    public const string MemberName = "provider_revoked";

    /// <returns>Null where there was no connection to end.</returns>
    public static string? Code(DisconnectResult result) => result switch
    {
        DisconnectResult.Revoked => "yes",
        DisconnectResult.NotRevoked => "no",
        DisconnectResult.Unsupported => "unsupported",
        _ => null,
    };
}
