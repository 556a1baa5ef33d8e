using FathomGateway.Audit;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: deletes the row first, so that its tokens are no longer given out, then revokes them.</summary>
internal sealed partial class Disconnection(
    ConnectionStore store, PendingTokenDrain drain, GrantRevocation revocation, InFlightWork inFlight, AuditLog audit,
    TimeProvider clock, ILogger<Disconnection> log)
{
    /// <summary>Pause between two attempts to learn whether a row is deleted.</summary>
    private static readonly TimeSpan DoubtPause = TimeSpan.FromSeconds(1);

    /// <param name="cancel">Ends the wait before anything is done. Once the row is deleted, the tokens are revoked in any case.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve in time; the wiping goes on.</exception>
    public async Task<DisconnectResult> DisconnectAsync(UserId userId, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var wiping = WipeAsync(userId);
        var ending = inFlight.Run(() => EndAsync(userId, wiping));
        try
        {
            // The row may be deleted later all the same. Its tokens exist nowhere else: they are revoked then.
            await wiping.WaitAsync(Database.StoreTimeout, clock, CancellationToken.None);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("The database has not wiped the connection in time.", failure);
        }

        return await ending;
    }

    /// <returns>The deleted row, also where the answer to the commit was lost; null where there was none.</returns>
    private async Task<Connection?> WipeAsync(UserId userId)
    {
        Connection? row = null;
        try
        {
            return await store.DeleteAsync(userId, CancellationToken.None, deleting => row = deleting);
        }
        catch (ConnectionStoreUnavailableException) when (row is not null)
        {
            if (await IsStoredAsync(row)) throw;
            return row;
        }
    }

    /// <summary>
    /// Asks until the database answers: if the row is deleted, its tokens exist in this process alone, and have to be revoked.
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

    private async Task<DisconnectResult> EndAsync(UserId userId, Task<Connection?> wiping)
    {
        try
        {
            var row = await wiping;
            // Pending tokens are newer than those of the row: the provider's answer to them counts.
            var result = await drain.RevokeAsync(userId)
                ?? (row is null ? DisconnectResult.NotConnected : await revocation.RevokeAsync(userId, row.AccessToken, row.RefreshToken));
            if (ProviderRevoked.Word(result) is { } word) audit.Disconnected(userId, word);
            return result;
        }
        catch (Exception failure)
        {
            // The caller may have gone.
            NotEnded(log, userId.Value, failure);
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

    /// <summary>The provider refused, or could not be reached: the grant may stay valid there.</summary>
    NotRevoked,

    /// <summary>The provider offers no revocation: the user ends the grant in their account there.</summary>
    Unsupported,
}

/// <summary>The member <c>provider_revoked</c> of the answer to a disconnect.</summary>
internal static class ProviderRevoked
{
    public const string MemberName = "provider_revoked";

    /// <returns>Null where there was no connection to end.</returns>
    public static string? Word(DisconnectResult result) => result switch
    {
        DisconnectResult.Revoked => "yes",
        DisconnectResult.NotRevoked => "no",
        DisconnectResult.Unsupported => "unsupported",
        _ => null,
    };
}
