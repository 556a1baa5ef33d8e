using FathomGateway.Telemetry;
using FathomGateway.Tokens.Budget;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Gives out access tokens that can be used now. A fresh token costs one read of its row. Any other token is refreshed first. Concurrent
/// callers share one refresh: of all replicas, only the one that writes its lease into the row calls the provider.
/// </summary>
internal sealed partial class FreshAccessToken(
    ConnectionStore store, StoredAccessToken stored, LeasedRefresh leased, TokenBudget budget, InFlightWork inFlight,
    GatewayMetrics metrics, TimeProvider clock, ILogger<FreshAccessToken> log)
{
    /// <summary>When a caller may retry after a failure of the database. Its client reconnects every second or two.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a caller waits for a refresh. The refresh may continue for longer: two unanswered calls to the provider take 20 s. The next
    /// caller finds its result.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for another replica: 10 s for its call to the provider, and some time for its save.</summary>
    private static readonly TimeSpan ReplicaTimeout = TimeSpan.FromSeconds(12);

    /// <summary>Pauses between two attempts to take the lease. Each pause is twice the one before.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), MaxPause = TimeSpan.FromMilliseconds(500);

    /// <summary>When a caller may retry after the holder of the lease gave up. Only the holder knows the reason.</summary>
    private static readonly TimeSpan GivenUpPause = TimeSpan.FromSeconds(2);

    private readonly SingleFlight<(UserId, Guid, long), AccessTokenResult> _flights = new();

    /// <param name="rejectedVersion">
    /// The version whose access token the provider's API has refused. It forces one refresh while the row has that version. Any other
    /// version has no effect.
    /// </param>
    /// <param name="cancel">Ends this caller's wait. The refresh goes on.</param>
    public async Task<AccessTokenResult> GetAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        var result = await GetOrRefreshAsync(userId, rejectedVersion, cancel);
        metrics.AccessToken(result.MetricLabel);
        return result;
    }

    private async Task<AccessTokenResult> GetOrRefreshAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        try
        {
            var requestedAt = clock.GetTimestamp();
            var snapshot = await store.ReadAsync(userId, cancel);
            var old = stored.Of(snapshot);
            if (snapshot is null || old is not AccessTokenResult.Granted) return old;

            // A user who has forced the most refreshes of a minute gets the token as it is.
            var isRejected = rejectedVersion == snapshot.Connection.Version && snapshot.MayBeForced;
            if (!isRejected && !snapshot.IsDue) return old;
            if (!isRejected && snapshot.Connection.RefreshToken is null && snapshot.Left > TimeSpan.Zero) return old;
            var refreshed = snapshot.Pause is { } pause
                ? new AccessTokenResult.Unavailable(pause)
                : await RefreshAsync(snapshot, isRejected, cancel);
            // A caller whose token was refused cannot use the old token, even if that has not expired.
            var canUseOldToken = !isRejected && snapshot.Left > clock.GetElapsedTime(requestedAt);
            return canUseOldToken
                && refreshed is (
                    AccessTokenResult.Unavailable or AccessTokenResult.MustReconnect { Reconnect.Reason: ReconnectReason.Unreadable })
                ? old
                : refreshed;
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            NotRead(log, userId.Value, failure);
            return new AccessTokenResult.Unavailable(StorePause);
        }
    }

    private async Task<AccessTokenResult> RefreshAsync(ConnectionSnapshot snapshot, bool forced, CancellationToken cancel)
    {
        var row = snapshot.Connection;
        // The key has the version: a caller whose newer token was refused must not get that token from a refresh of an older version.
        var flight = _flights.JoinAsync(
            (row.UserId, row.GrantId, row.Version), () => inFlight.Run(() => RefreshUnderLeaseAsync(snapshot, forced)));
        try
        {
            return await flight.WaitAsync(MaxWait, clock, cancel);
        }
        catch (Exception failure) when (failure is TimeoutException or ConnectionStoreUnavailableException)
        {
            NotInTime(log, row.UserId.Value, failure);
            return new AccessTokenResult.Unavailable(StorePause);
        }
    }

    /// <summary>Takes the lease and refreshes, or waits for the holder of the lease.</summary>
    /// <param name="snapshot">The row that is to be refreshed, as it was read.</param>
    /// <param name="forced">Whether a caller says that its token was refused.</param>
    /// <returns>The token of a newer version than that of the snapshot, or why there is none.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    private async Task<AccessTokenResult> RefreshUnderLeaseAsync(ConnectionSnapshot snapshot, bool forced)
    {
        // The budget is checked before the lease is taken, so that callers write nothing while it is closed.
        if (await budget.PeekAsync(CancellationToken.None) is { } closed) return new AccessTokenResult.Unavailable(closed);
        var lease = RefreshLease.Of(snapshot.Connection);
        var (began, pause) = (clock.GetTimestamp(), FirstPause);
        while (true)
        {
            var leaseRequestedAt = clock.GetTimestamp();
            if (await store.TakeLeaseAsync(lease, forced, CancellationToken.None))
            {
                return await leased.RefreshAsync(lease, snapshot, leaseRequestedAt);
            }

            var current = await store.ReadAsync(lease.UserId, CancellationToken.None);
            if (stored.ResultIfChanged(lease, current) is { } result) return result;
            // The lease has ended and the row has not changed: the holder's call has failed, and a call of this replica would fail as well.
            if (current!.LeaseUntil is not { } until) return new AccessTokenResult.Unavailable(GivenUpPause);
            // The lease has expired by the database's clock: its holder has crashed or is suspended, and any replica may take it.
            if (until < current.Now) continue;
            if (clock.GetElapsedTime(began) > ReplicaTimeout) return new AccessTokenResult.Unavailable(until - current.Now);
            await Task.Delay(pause, clock);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection of user {UserId} could not be read.")]
    private static partial void NotRead(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A refresh for user {UserId} has no result yet: it takes too long, or the database is unavailable.")]
    private static partial void NotInTime(ILogger log, string userId, Exception failure);
}
