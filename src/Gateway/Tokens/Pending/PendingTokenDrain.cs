using FathomGateway.Audit;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Stores pending tokens in the database, which is back. Any replica may do it, and several at once: the database tells which are still
/// wanted, and storing twice changes nothing.
/// </summary>
internal sealed partial class PendingTokenDrain(
    PendingTokenStore pending, ConnectionStore store, TokenCipher cipher, GrantRevocation revocation, AuditLog audit,
    ILogger<PendingTokenDrain> log)
{
    /// <summary>What this replica could not open or not store, so that it says so once.</summary>
    private readonly HashSet<string> _reported = [];

    /// <summary>All that wait.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve yet; what is left stays where it is.</exception>
    public async Task AllAsync(CancellationToken cancel)
    {
        var keys = await pending.ListAsync();
        _reported.IntersectWith(keys);
        if (keys.Count == 0) return;
        // One question for all of them, while it has to be answered with no.
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
                // One user's trouble, such as a lock on the row, does not end the round; the database's own does.
                if (_reported.Add(key)) NotDrained(log, failure);
                await store.EnsureWritableAsync(cancel);
                await pending.PostponeAsync(key);
            }
        }
    }

    /// <summary>
    /// What a refresh of this very version has brought already, wherever it was done: to be stored in place of sending its spent refresh
    /// token.
    /// </summary>
    /// <returns>The row with it, or null where there is none to be found.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<Connection?> OfAsync(RefreshLease lease)
    {
        if (await pending.FindAsync(lease.UserId, lease.GrantId, lease.Version) is not { Tokens: { } tokens } entry) return null;
        var row = await store.SaveAsync(tokens.Fence, Resealed(tokens).ToRefreshed(), CancellationToken.None);
        if (row is null) await OvertakenAsync(tokens);
        else Drained(log, row.UserId.Value);
        await pending.RemoveAsync(entry);
        return row;
    }

    /// <summary>
    /// Those of a user who has disconnected, ended at the provider too. While Redis is away none is found: the database remembers the
    /// disconnect, and they are ended when they are met.
    /// </summary>
    /// <returns>What the provider made of it; null where there was none.</returns>
    public async Task<DisconnectResult?> EndAsync(UserId userId)
    {
        DisconnectResult? result = null;
        foreach (var key in await pending.ListAsync(userId))
        {
            if (await pending.FindAsync(key) is not { Tokens: { } tokens } entry) continue;
            result = await revocation.RevokeAsync(tokens.UserId, tokens.AccessToken, tokens.RefreshToken);
            await pending.RemoveAsync(entry);
        }

        return result;
    }

    internal async Task OneAsync(PendingTokenEntry entry)
    {
        if (entry.Text is null)
        {
            await pending.ForgetAsync(entry);
            return;
        }

        if (entry.Tokens is not { } tokens)
        {
            // A replica that has the key may be there, or come: while keys are rotated, not all have all of them.
            if (_reported.Add(entry.Key)) Unreadable(log);
            await pending.PostponeAsync(entry.Key);
            return;
        }

        await StoreAsync(tokens);
        await pending.RemoveAsync(entry);
    }

    /// <summary>Stores what was put by, or ends it where it is wanted no more.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    internal async Task StoreAsync(UnsavedTokens tokens)
    {
        var resealed = Resealed(tokens);
        var stored = tokens.IsConnect
            ? await store.StoreAsync(resealed.ToConnection(), tokens.IssuedAt, CancellationToken.None) == StoreResult.Stored
            : await store.SaveAsync(tokens.Fence, resealed.ToRefreshed(), CancellationToken.None) is not null;
        if (!stored)
        {
            await OvertakenAsync(tokens);
            return;
        }

        Drained(log, tokens.UserId.Value);
        if (tokens.IsConnect) audit.LinkedLate(tokens.UserId);
    }

    /// <summary>Keys may have been changed while they waited: the former one may be retired as soon as no row needs it.</summary>
    private UnsavedTokens Resealed(UnsavedTokens tokens) => tokens with
    {
        AccessToken = cipher.Reseal(tokens.AccessToken, tokens.UserId, TokenColumn.AccessToken) ?? tokens.AccessToken,
        RefreshToken = tokens.RefreshToken is { } refresh
            ? cipher.Reseal(refresh, tokens.UserId, TokenColumn.RefreshToken) ?? refresh
            : null,
    };

    private async Task OvertakenAsync(UnsavedTokens tokens)
    {
        // Where a row stands, it may be of the same grant at the provider, which revoking would end; without one, nobody holds these
        // tokens.
        if (await store.FindAsync(tokens.UserId, CancellationToken.None) is not null) return;
        Overtaken(log, tokens.UserId.Value);
        await revocation.RevokeAsync(tokens.UserId, tokens.AccessToken, tokens.RefreshToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rescued tokens of user {UserId} are in the database now.")]
    private static partial void Drained(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Rescued tokens of user {UserId} are wanted no more: the user has disconnected since.")]
    private static partial void Overtaken(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rescued tokens of one user could not be stored; trying again.")]
    private static partial void NotDrained(ILogger log, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No key of TOKEN_ENCRYPTION_KEYS opens tokens that were rescued: give this replica the key that the others have, "
            + "within the hour that they wait, or their user has to connect again.")]
    private static partial void Unreadable(ILogger log);
}
