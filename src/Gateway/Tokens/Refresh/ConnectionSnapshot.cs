using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// A connection and its refreshes at one moment of the database's clock. The clock of a replica does not decide whether a token is fresh or
/// a lease has expired.
/// </summary>
/// <param name="Now">The database's clock at the read.</param>
/// <param name="LeaseOwner">Owner of the lease, which may have expired; null where there is none.</param>
/// <param name="LeaseUntil">When the lease expires.</param>
/// <param name="RefusedSince">Since when the provider has answered only refusals that are not final; null after another answer.</param>
/// <param name="Refusals">Number of these refusals.</param>
/// <param name="RetryAt">When the next refresh may be sent; null for now.</param>
/// <param name="ThirdLastForcedAt">When the third last forced refresh was; null where there were fewer.</param>
internal sealed record ConnectionSnapshot(
    Connection Connection,
    DateTimeOffset Now,
    Guid? LeaseOwner,
    DateTimeOffset? LeaseUntil,
    DateTimeOffset? RefusedSince,
    long Refusals,
    DateTimeOffset? RetryAt,
    DateTimeOffset? ThirdLastForcedAt)
{
    /// <summary>How long before its expiry a token is due: the time for its use, and for a short outage of the provider.</summary>
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(300);

    /// <summary>
    /// A token with a shorter life is due after half of it. With the margin, a token with a life of 300 s would always be due.
    /// </summary>
    private static readonly TimeSpan ShortLife = 2 * RefreshMargin;

    public static ConnectionSnapshot Read(DbDataReader row) => new(
        Connection.Read(row), row.GetTime("Now"), row.GetGuidOrNull("LeaseOwner"), row.GetTimeOrNull("LeaseUntil"),
        row.GetTimeOrNull("RefusedSince"), row.GetInt64("Refusals"), row.GetTimeOrNull("RetryAt"),
        row.GetTimeOrNull("ThirdLastForcedAt"));

    /// <summary>How long the access token still lives; zero or negative once it has expired.</summary>
    public TimeSpan Left => Connection.ExpiresAt - Now;

    /// <summary>
    /// Whether the token is due for a refresh. It can still be used then, so a short outage of the provider has no effect. The time has no
    /// random part: callers ask at different times, and the budget spreads the refreshes of tokens that expire together.
    /// </summary>
    public bool IsDue => Left < (Life < ShortLife ? Life / 2 : RefreshMargin);

    private TimeSpan Life => Connection.ExpiresAt - Connection.IssuedAt;

    /// <summary>
    /// How long the user's refreshes pause after a refusal; null where they do not. A longer pause stems from a clock that was set back.
    /// </summary>
    public TimeSpan? Pause => RetryAt - Now is { } left && left > TimeSpan.Zero && left <= RefusedRefresh.MaxPause ? left : null;

    /// <summary>Whether a caller may force another refresh: three a minute for one user.</summary>
    public bool MayBeForced => ThirdLastForcedAt is not { } third || third > Now || third < Now - ConnectionStore.ForcedWindow;

    /// <summary>Whether the row has the grant and version of the lease.</summary>
    public bool IsOf(RefreshLease lease) => Connection.GrantId == lease.GrantId && Connection.Version == lease.Version;
}
