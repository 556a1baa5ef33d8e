using FathomGateway.Audit;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends a connection: wipes the row first, so that nobody is given its tokens any more, then tells the provider.</summary>
internal sealed partial class Disconnection(
    ConnectionStore store, PendingTokenDrain drain, GrantRevocation revocation, InFlightWork underWay, AuditLog audit,
    TimeProvider clock, ILogger<Disconnection> log)
{
    /// <param name="cancel">Ends the wait before anything is done. Once the row is wiped the provider is told, whoever goes away.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve in time; the wiping goes on.</exception>
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
        var result = await drain.EndAsync(userId) ?? (row is null ? DisconnectResult.NotConnected : await revocation.RevokeAsync(row));
        if (result == DisconnectResult.NotConnected) return result;
        audit.Disconnected(userId, ProviderRevoked.Word(result)!);
        return result;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} could not be disconnected.")]
    private static partial void NotEnded(ILogger log, string userId, Exception failure);
}

/// <summary>What the provider made of a disconnect; the tokens are wiped here in any case.</summary>
internal enum DisconnectResult
{
    NotConnected,

    /// <summary>The provider has revoked the tokens (RFC 7009).</summary>
    Revoked,

    /// <summary>The provider was asked and did not, or could not be reached: the grant may live on there.</summary>
    NotRevoked,

    /// <summary>The provider offers no revocation: the user ends the grant in their account there.</summary>
    Unsupported,
}

/// <summary>The member <c>provider_revoked</c> of an answer to a disconnect: what the provider made of it.</summary>
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
