using FathomGateway.Audit;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Stores pending tokens when the database serves again. Several replicas can do this at once: the database decides which tokens are still
/// needed, and a second store of the same tokens changes nothing.
/// </summary>
internal sealed partial class PendingTokenDrain(
    PendingTokenStore pending, ConnectionStore store, TokenCipher cipher, GrantRevocation revocation, AuditLog audit,
    ILogger<PendingTokenDrain> log)
{
    /// <summary>Keys of tokens that this replica has reported as unreadable or not storable, so that it reports each once.</summary>
    private readonly HashSet<string> _reported = [];

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve yet. The remaining tokens stay in Redis.</exception>
    public async Task AllAsync(CancellationToken cancel)
    {
        var keys = await pending.ListAsync();
        _reported.IntersectWith(keys);
        if (keys.Count == 0) return;
        // While the database is down, this check replaces an attempt for each key.
        await store.EnsureWritableAsync(cancel);
        foreach (var key in keys)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (await pending.FindAsync(key) is { } entry) await OneAsync(entry);
            }
            catch (Exception failure)
            {
                // A fault of one row, such as a lock on it, does not end the round. A fault of the database does.
                if (_reported.Add(key)) NotDrained(log, failure);
                await store.EnsureWritableAsync(cancel);
                await pending.PostponeAsync(key);
            }
        }
    }

    /// <summary>Stores the tokens of an earlier refresh of this version, of this or another process.</summary>
    /// <returns>Whether there were pending tokens and the row has them now.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<bool> DrainAsync(RefreshLease lease)
    {
        if (await pending.FindAsync(lease.UserId, lease.GrantId, lease.Version) is not { Tokens: { } tokens } entry) return false;
        var isStored = await StoreAsync(tokens);
        await pending.RemoveAsync(entry);
        return isStored;
    }

    /// <summary>
    /// Revokes the pending tokens of a user who has disconnected. While Redis is down, none is found. The database has recorded the
    /// disconnect, so the drain revokes them later.
    /// </summary>
    /// <returns>The result at the provider; null where there was none.</returns>
    public async Task<DisconnectResult?> RevokeAsync(UserId userId)
    {
        DisconnectResult? result = null;
        foreach (var key in await pending.ListAsync(userId))
        {
            if (await pending.FindAsync(key) is not { Tokens: { } tokens } entry) continue;
            result = await revocation.RevokeAsync(tokens);
            await pending.RemoveAsync(entry);
        }

        return result;
    }

    internal async Task OneAsync(PendingTokenEntry entry)
    {
        if (entry is { Text: not null, Tokens: null })
        {
            // Another replica may have the key: during a rotation not all replicas have all keys.
            if (_reported.Add(entry.Key)) Unreadable(log);
            await pending.PostponeAsync(entry.Key);
            return;
        }

        if (entry.Tokens is { } tokens) await StoreAsync(tokens);
        await pending.RemoveAsync(entry);
    }

    /// <summary>Stores pending tokens, or revokes them where the user has disconnected.</summary>
    /// <returns>Whether they are stored.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    internal async Task<bool> StoreAsync(IssuedTokens tokens)
    {
        var resealed = Reseal(tokens);
        var isStored = tokens.IsConnect
            ? await store.StoreAsync(resealed, CancellationToken.None) == StoreResult.Stored
            : await store.SaveAsync(resealed, CancellationToken.None) is not null;
        if (isStored)
        {
            Drained(log, tokens.UserId.Value);
            if (tokens.IsConnect) audit.LinkedLate(tokens.UserId);
        }
        else if (await store.FindAsync(tokens.UserId, CancellationToken.None) is null)
        {
            Overtaken(log, tokens.UserId.Value);
            await revocation.RevokeAsync(tokens);
        }

        return isStored;
    }

    /// <summary>
    /// Encrypts the tokens with the first key. The keys may have been rotated meanwhile, and a former key is removed once no row needs it.
    /// </summary>
    private IssuedTokens Reseal(IssuedTokens tokens) => tokens with
    {
        AccessToken = cipher.Reseal(tokens.AccessToken, tokens.UserId, TokenColumn.AccessToken) ?? tokens.AccessToken,
        RefreshToken = tokens.RefreshToken is { } refresh
            ? cipher.Reseal(refresh, tokens.UserId, TokenColumn.RefreshToken) ?? refresh
            : null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Pending tokens of user {UserId} are in the database now.")]
    private static partial void Drained(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Pending tokens of user {UserId} are no longer needed: the user has disconnected since.")]
    private static partial void Overtaken(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pending tokens of one user could not be stored; trying again.")]
    private static partial void NotDrained(ILogger log, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No key of TOKEN_ENCRYPTION_KEYS opens pending tokens: give this replica the key that the others have, "
            + "within the hour that they wait, or their user has to connect again.")]
    private static partial void Unreadable(ILogger log);
}
