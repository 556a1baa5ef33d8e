using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Keeps one connection a user.</summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
internal partial interface IConnectionStore
{
    /// <summary>Proves that a connection could be stored now: the database answers, takes writes, and has its schema. Asked before anything that works only once is spent.</summary>
    Task EnsureWritableAsync(CancellationToken cancel);

    /// <summary>Stores the connection, replacing the user's former one, in one statement. Repeating it with the same grant changes nothing.</summary>
    Task StoreAsync(NewConnection connection, CancellationToken cancel);

    /// <summary>The user's connection, or null.</summary>
    Task<Connection?> FindAsync(UserId userId, CancellationToken cancel);

    /// <summary>Deletes the user's connection and returns what it was, or null where there was none.</summary>
    Task<Connection?> DeleteAsync(UserId userId, CancellationToken cancel);
}
