using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.Tokens.Rescue;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Encrypts tokens and stores them: the one way from a token response to a row.</summary>
internal sealed class ConnectionWriter(TokenCipher cipher, ConnectionStore store, TokenRescue rescue, RefreshesUnderWay underWay, OrphanedGrant orphans, AuditLog audit, TimeProvider clock)
{
    /// <param name="issuedAt">When the provider answered, by the database's clock: whatever the user has done since then wins.</param>
    /// <param name="patience">How long the caller waits; the saving goes on after it.</param>
    /// <exception cref="ConnectionStoreUnavailableException">Not stored in time; the tokens wait in Redis or in memory and are stored as soon as the database serves.</exception>
    public async Task<StoreResult> StoreAsync(UserId userId, TokenSet tokens, DateTimeOffset issuedAt, TimeSpan patience)
    {
        var begun = clock.GetTimestamp();
        var given = false;
        var connection = new NewConnection(
            userId,
            Guid.NewGuid(),
            cipher.Seal(tokens.AccessToken, userId, TokenColumn.AccessToken),
            tokens.RefreshToken is null ? null : cipher.Seal(tokens.RefreshToken, userId, TokenColumn.RefreshToken),
            tokens.Scope,
            tokens.Lifetime);
        try
        {
            return await rescue.SaveAsync(userId.Value, SaveAsync, () => RescuedTokens.Of(connection, issuedAt, clock.GetElapsedTime(begun)), patience);
        }
        catch (ConnectionStoreUnavailableException)
        {
            Volatile.Write(ref given, true);
            throw;
        }

        async Task<StoreResult> SaveAsync()
        {
            var result = await store.StoreAsync(connection, issuedAt, CancellationToken.None);
            // Whoever waited has been told of a failure, and the record says so.
            if (result == StoreResult.Stored && Volatile.Read(ref given)) audit.LinkedLate(userId);
            // Nobody holds these tokens now. The user does not wait for the provider's word on it.
            if (result == StoreResult.Disconnected) _ = underWay.Run(() => orphans.RevokeAsync(tokens));
            return result;
        }
    }
}
