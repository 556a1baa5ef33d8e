using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Keeps one connection a user.</summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time; of <see cref="DeleteAsync"/> the caller sets the time.</remarks>
internal partial interface IConnectionStore
{
    /// <summary>How long a change of a row may take in all: with the exchange before it, less than a duplicate delivery waits for the outcome.</summary>
    static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Proves that a connection could be stored now: the database answers, takes writes, and has its schema. Asked before anything that works only once is spent.</summary>
    Task EnsureWritableAsync(CancellationToken cancel);

    /// <summary>
    /// Stores the connection in place of the user's former one, unless the user has done something since its tokens were issued: an attempt that was given up
    /// may be carried out at any time later. Repeating it with the same grant changes nothing.
    /// </summary>
    /// <param name="issuedAt">When the tokens were issued, by the database's clock; from when they live, and since when the user is connected.</param>
    Task<StoreResult> StoreAsync(NewConnection connection, DateTimeOffset issuedAt, CancellationToken cancel);

    /// <summary>The user's connection, or null.</summary>
    Task<Connection?> FindAsync(UserId userId, CancellationToken cancel);

    /// <summary>The user's connection beside the database's clock and the lease, or null: one read by the primary key.</summary>
    Task<ConnectionReading?> ReadAsync(UserId userId, CancellationToken cancel);

    /// <summary>Takes the lease where the row is of its version, can be refreshed, and is held by nobody or by somebody whose time is up.</summary>
    /// <returns>Whether it was taken.</returns>
    Task<bool> TakeLeaseAsync(RefreshLease lease, CancellationToken cancel);

    /// <summary>Saves refreshed tokens, counts the version up and ends the lease, in one statement.</summary>
    /// <returns>The row as it is now, or null where the lease is no longer the row's: nothing is written then.</returns>
    Task<Connection?> SaveAsync(RefreshLease lease, RefreshedTokens tokens, CancellationToken cancel);

    /// <summary>Notes that only the user can mend the connection, and ends the lease. The tokens stay as they are.</summary>
    /// <param name="reason">One of <see cref="ReconnectReason"/>.</param>
    /// <returns>The row as it is now, or null where the lease is no longer the row's: nothing is written then.</returns>
    Task<Connection?> RequireReconnectAsync(RefreshLease lease, string reason, CancellationToken cancel);

    /// <summary>Gives the lease back with nothing changed; does nothing where it is no longer the row's.</summary>
    Task ReleaseLeaseAsync(RefreshLease lease, CancellationToken cancel);

    /// <summary>
    /// Deletes the user's connection and returns what it was, or null where there was none. Notes down when that was, so that tokens which
    /// were issued before and could not be stored yet are not stored after it.
    /// </summary>
    Task<Connection?> DeleteAsync(UserId userId, CancellationToken cancel);
}
