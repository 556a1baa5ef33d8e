using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Storing what could not be stored when it was issued. Whatever the user has done since then wins.</summary>
internal partial interface IConnectionStore
{
    /// <summary>How long a disconnect is remembered: longer than rescued tokens live.</summary>
    static readonly TimeSpan DisconnectMemory = TimeSpan.FromHours(2);

    /// <summary>The database's clock, and since when the user has the connection that stands, if any.</summary>
    Task<ConnectionMoment> MomentAsync(UserId userId, CancellationToken cancel);

    /// <summary>
    /// Stores a connection whose tokens were issued at <paramref name="issuedAt"/> by the database's clock, unless a later connect stands or the user
    /// has disconnected since. Repeating it with the same grant changes nothing.
    /// </summary>
    /// <returns>Whether the user's row is of this grant now.</returns>
    Task<bool> StoreLateAsync(NewConnection connection, DateTimeOffset issuedAt, CancellationToken cancel);

    /// <summary>
    /// Saves tokens that a refresh has brought, whoever holds the lease by now: only the tokens of the version that they come from are replaced. A row that was
    /// marked meanwhile because the old refresh token was refused, which it is once it is spent, is mended by them.
    /// </summary>
    /// <returns>The row as it is now, or null where it is of another grant or version.</returns>
    Task<Connection?> SaveLateAsync(UserId userId, Guid grantId, long version, RefreshedTokens tokens, CancellationToken cancel);
}
