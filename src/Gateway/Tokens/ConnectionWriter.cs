using FathomGateway.Audit;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Encrypts and saves the tokens of every token response. The code or refresh token is spent by then, so saving is repeated while the
/// process lives.
/// </summary>
internal sealed class ConnectionWriter(
    TokenCipher cipher, ConnectionStore store, PendingTokens pending, InFlightWork inFlight, GrantRevocation revocation, AuditLog audit)
{
    /// <summary>Stores the tokens of a connect.</summary>
    /// <param name="issuedAt">
    /// When the tokens were requested, by the database's clock. Later actions of the user take precedence.
    /// </param>
    /// <param name="timeout">How long the caller waits. Saving continues after it.</param>
    /// <exception cref="ConnectionStoreUnavailableException">
    /// The tokens are not stored in time. They wait in Redis or in memory.
    /// </exception>
    public async Task<StoreResult> StoreAsync(UserId userId, TokenSet tokens, DateTimeOffset issuedAt, TimeSpan timeout)
    {
        var isLate = false;
        try
        {
            return await pending.SaveAsync(Seal(userId, Guid.NewGuid(), version: 0, tokens, issuedAt), SaveAsync, timeout);
        }
        catch (ConnectionStoreUnavailableException)
        {
            Volatile.Write(ref isLate, true);
            throw;
        }

        async Task<StoreResult> SaveAsync(IssuedTokens issued)
        {
            var result = await store.StoreAsync(issued, CancellationToken.None);
            // The caller got a failure; the audit log records the final result.
            if (result == StoreResult.Stored && Volatile.Read(ref isLate)) audit.LinkedLate(userId);
            // The user does not wait for the provider's answer.
            if (result == StoreResult.Disconnected) _ = inFlight.Run(() => revocation.RevokeAsync(issued));
            return result;
        }
    }

    /// <summary>Saves the tokens of a refresh.</summary>
    /// <returns>The saved row; null where a disconnect, a newer connect or another refresh was first.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The tokens are not saved in time. They wait in Redis or in memory.</exception>
    public Task<Connection?> SaveAsync(RefreshLease lease, TokenSet tokens) =>
        SaveAsync(Seal(lease.UserId, lease.GrantId, lease.Version, tokens, DateTimeOffset.UnixEpoch));

    internal Task<Connection?> SaveAsync(IssuedTokens tokens) =>
        pending.SaveAsync(tokens, SaveOrRevokeAsync, PendingTokens.CallerTimeout);

    private async Task<Connection?> SaveOrRevokeAsync(IssuedTokens tokens)
    {
        if (await store.SaveAsync(tokens, CancellationToken.None) is { } saved) return saved;
        var row = await store.FindAsync(tokens.UserId, CancellationToken.None);
        // The caller does not wait for the provider's answer.
        if (row is null) _ = inFlight.Run(() => revocation.RevokeAsync(tokens));
        // After a commit whose answer was lost, the row has the same ciphertext. No other save can have written it.
        return row?.AccessToken == tokens.AccessToken ? row : null;
    }

    private IssuedTokens Seal(UserId userId, Guid grantId, long version, TokenSet tokens, DateTimeOffset issuedAt) => new(
        userId,
        grantId,
        version,
        cipher.Seal(tokens.AccessToken, userId, TokenColumn.AccessToken),
        tokens.RefreshToken is { } refresh ? cipher.Seal(refresh, userId, TokenColumn.RefreshToken) : null,
        tokens.Scope,
        tokens.Lifetime,
        issuedAt,
        Age: TimeSpan.Zero);
}
