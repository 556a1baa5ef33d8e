using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>What storing late needs: whatever the user has done since the tokens were issued wins.</summary>
internal partial interface IConnectionStore
{
    /// <summary>How long a disconnect is remembered: longer than any outage after which tokens should still be stored. What was issued earlier than that is stored no more, as nobody knows whether it is wanted.</summary>
    static readonly TimeSpan DisconnectMemory = TimeSpan.FromDays(1);

    /// <param name="isOurs">Whether the user's row is of the grant that was to be stored; null where there is none.</param>
    static StoreResult Result(bool? isOurs) => isOurs switch { true => StoreResult.Stored, false => StoreResult.Overtaken, null => StoreResult.Disconnected };

    /// <summary>The database's clock, and since when the user has the connection that stands, if any.</summary>
    Task<ConnectionMoment> MomentAsync(UserId userId, CancellationToken cancel);

    /// <summary>
    /// Saves tokens that a refresh has brought, whoever holds the lease by now: only the tokens of the version that they come from are replaced. A row that was
    /// marked meanwhile because the old refresh token was refused, which it is once it is spent, is mended by them.
    /// </summary>
    /// <returns>The row as it is now, or null where it is of another grant or version.</returns>
    Task<Connection?> SaveLateAsync(UserId userId, Guid grantId, long version, RefreshedTokens tokens, CancellationToken cancel);
}
