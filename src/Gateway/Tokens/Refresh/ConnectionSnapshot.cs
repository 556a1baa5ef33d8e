using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// A connection as it stood at one moment of the database's clock. No replica's own clock decides whether a token is fresh or a lease is
/// up.
/// </summary>
internal sealed record ConnectionSnapshot(Connection Connection, RefreshState State)
{
    /// <summary>Long enough for what the token is fetched for, and for a provider's short outage.</summary>
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(300);

    /// <summary>A token that lives shorter would be due at once, or soon after; it is due at half its life.</summary>
    private static readonly TimeSpan ShortLife = 2 * RefreshMargin;

    public static ConnectionSnapshot Read(DbDataReader row) => new(Connection.Read(row), RefreshState.Read(row));

    /// <summary>The database's clock at the read.</summary>
    public DateTimeOffset Now => State.Now;

    /// <summary>How long the access token can still be used; not positive once it is over.</summary>
    public TimeSpan Left => Connection.ExpiresAt - Now;

    /// <summary>
    /// Whether it is to be refreshed: while it can still be used, so that a provider who is away for a moment is not noticed. No random
    /// part: the asking spreads refreshes, and the budget holds back a herd while its tokens still work.
    /// </summary>
    public bool IsDue => Left < (Life < ShortLife ? Life / 2 : RefreshMargin);

    private TimeSpan Life => Connection.ExpiresAt - Connection.IssuedAt;

    /// <summary>Whether the row still is what the lease was taken on: the same grant, and no refresh since.</summary>
    public bool IsOf(RefreshLease lease) => Connection.GrantId == lease.GrantId && Connection.Version == lease.Version;
}

/// <summary>What a row says about its refreshes.</summary>
/// <param name="Now">The database's clock at the read.</param>
/// <param name="LeaseOwner">Who refreshes it, or did last without ending the lease; null where nobody does.</param>
/// <param name="LeaseUntil">When that lease is up.</param>
/// <param name="RefusedSince">Since when the provider answers nothing but refusals that are not final; null where it does not.</param>
/// <param name="Refusals">How many of them in a row.</param>
/// <param name="RetryAt">When the next refresh may be sent; null where that is now.</param>
/// <param name="ThirdLastForcedAt">When the last refresh but two was forced; null where there were fewer.</param>
/// <param name="PausedUntil">Until when a 429 of the provider's holds back every refresh of the app.</param>
internal sealed record RefreshState(
    DateTimeOffset Now,
    Guid? LeaseOwner,
    DateTimeOffset? LeaseUntil,
    DateTimeOffset? RefusedSince,
    long Refusals,
    DateTimeOffset? RetryAt,
    DateTimeOffset? ThirdLastForcedAt,
    DateTimeOffset? PausedUntil)
{
    public static RefreshState Read(DbDataReader row) => new(
        row.GetTime("Now"), row.GetGuidOrNull("LeaseOwner"), row.GetTimeOrNull("LeaseUntil"), row.GetTimeOrNull("RefusedSince"),
        row.GetInt64("Refusals"), row.GetTimeOrNull("RetryAt"), row.GetTimeOrNull("ThirdLastForcedAt"), row.GetTimeOrNull("PausedUntil"));

    /// <summary>
    /// How long no refresh is to be sent, because the provider has just refused one; null where it may be. Times in the future stem from a
    /// clock that was set back.
    /// </summary>
    public TimeSpan? Pause => RetryAt - Now is { } left && left > TimeSpan.Zero && left <= RefusedRefresh.LongestPause ? left : null;

    /// <summary>How long the whole app sends no refresh; null where it may. A longer pause stems from a clock that was set back.</summary>
    public TimeSpan? AppPause => PausedUntil - Now is { } left && left > TimeSpan.Zero && left <= TokenBudget.LongestPause ? left : null;

    /// <summary>Whether a caller may force one more refresh: three a minute for one user.</summary>
    public bool MayBeForced => ThirdLastForcedAt is not { } third || third > Now || third < Now - ConnectionStore.ForcedWindow;
}
