using FathomGateway.Audit;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Encrypts tokens and saves them: the one way from a token response to a row. Code or refresh token are spent by now, so it does not give
/// up while the process lives.
/// </summary>
internal sealed class ConnectionWriter(
    TokenCipher cipher, ConnectionStore store, PendingTokens pending, InFlightWork underWay, GrantRevocation revocation,
    AuditLog audit, TimeProvider clock)
{
    /// <summary>Stores what a connect has brought.</summary>
    /// <param name="issuedAt">
    /// When the tokens were asked for, by the database's clock: whatever the user has done since then wins. The tokens are not older.
    /// </param>
    /// <param name="patience">How long the caller waits; the saving goes on after it.</param>
    /// <exception cref="ConnectionStoreUnavailableException">Not stored in time; the tokens wait in Redis or in memory.</exception>
    public async Task<StoreResult> StoreAsync(UserId userId, TokenSet tokens, DateTimeOffset issuedAt, TimeSpan patience)
    {
        var begun = clock.GetTimestamp();
        var given = false;
        var (access, refresh) = Seal(userId, tokens);
        var connection = new NewConnection(userId, Guid.NewGuid(), access, refresh, tokens.Scope, tokens.Lifetime);
        try
        {
            return await pending.SaveAsync(
                userId.Value, SaveAsync, () => UnsavedTokens.Of(connection, issuedAt, clock.GetElapsedTime(begun)), patience);
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
            if (result == StoreResult.Disconnected) _ = underWay.Run(() => revocation.RevokeAsync(tokens));
            return result;
        }
    }

    /// <summary>Saves what a refresh has brought.</summary>
    /// <returns>The row as saved; null where a disconnect, a newer connect or another refresh has won.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not saved in time; the tokens wait in Redis or in memory.</exception>
    public Task<Connection?> SaveAsync(RefreshFence fence, TokenSet tokens)
    {
        var (access, refresh) = Seal(fence.UserId, tokens);
        return SaveAsync(fence, new RefreshedTokens(access, refresh, tokens.Scope, tokens.Lifetime, TimeSpan.Zero));
    }

    internal Task<Connection?> SaveAsync(RefreshFence fence, RefreshedTokens tokens)
    {
        var answeredAt = clock.GetTimestamp();
        RefreshedTokens Aged() => tokens with { Age = clock.GetElapsedTime(answeredAt) };
        return pending.SaveAsync(
            fence.UserId.Value,
            async () => await store.SaveAsync(fence, Aged(), CancellationToken.None) ?? await SavedBeforeAsync(fence, tokens),
            () => UnsavedTokens.Of(fence, Aged()),
            PendingTokens.CallersPatience);
    }

    /// <summary>A commit whose reply was lost: the row holds this very ciphertext, which no other save can have made.</summary>
    private async Task<Connection?> SavedBeforeAsync(RefreshFence fence, RefreshedTokens tokens) =>
        await store.FindAsync(fence.UserId, CancellationToken.None) is { } row && row.AccessToken == tokens.AccessToken ? row : null;

    private (SealedToken Access, SealedToken? Refresh) Seal(UserId userId, TokenSet tokens) => (
        cipher.Seal(tokens.AccessToken, userId, TokenColumn.AccessToken),
        tokens.RefreshToken is { } refresh ? cipher.Seal(refresh, userId, TokenColumn.RefreshToken) : null);
}
