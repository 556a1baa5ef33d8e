using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.Tokens.Rescue;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Encrypts tokens and stores them: the one way from a token response to a row.</summary>
internal sealed class ConnectionWriter(TokenCipher cipher, IConnectionStore store, TokenRescue rescue, AuditLog audit, TimeProvider clock)
{
    /// <param name="issuedAt">When the provider answered, by the database's clock; if it has to be stored late, whatever the user has done since then wins.</param>
    /// <param name="patience">How long the caller waits; the saving goes on after it.</param>
    /// <returns>Whether the user's row is of these tokens; false where a later connect or a disconnect has won meanwhile.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not stored in time; the tokens wait in Redis or in memory and are stored as soon as the database serves.</exception>
    public async Task<bool> StoreAsync(UserId userId, TokenSet tokens, DateTimeOffset issuedAt, TimeSpan patience)
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

        async Task<bool> SaveAsync(bool first)
        {
            if (first) await store.StoreAsync(connection, CancellationToken.None);
            var stored = first || await store.StoreLateAsync(connection, issuedAt, CancellationToken.None);
            // Whoever waited has been told of a failure, and the record says so.
            if (stored && Volatile.Read(ref given)) audit.LinkedLate(userId);
            return stored;
        }
    }
}
