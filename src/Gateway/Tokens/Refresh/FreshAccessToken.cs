using FathomGateway.Telemetry;
using FathomGateway.Tokens.Budget;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Gives out access tokens that can be used now. A fresh one costs one read of its row. The others are refreshed first, once for all who
/// ask: of all replicas, the one that writes its lease into the row calls the provider.
/// </summary>
internal sealed partial class FreshAccessToken(
    ConnectionStore store, StoredAccessToken stored, LeasedRefresh leased, TokenBudget budget, InFlightWork inFlight,
    GatewayMetrics metrics, TimeProvider clock, ILogger<FreshAccessToken> log)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a caller waits for a refresh. The refresh may go on longer, as a provider that is silent twice takes 20 s; the next caller
    /// finds its result.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for another replica: its call to the provider has 10 s, and its save takes a moment.</summary>
    private static readonly TimeSpan ReplicaTimeout = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), MaxPause = TimeSpan.FromMilliseconds(500);

    /// <summary>After a holder of the lease gave up, for a reason that only it knows.</summary>
    private static readonly TimeSpan GivenUpPause = TimeSpan.FromSeconds(2);

    private readonly SingleFlight<(UserId, Guid, long), AccessTokenResult> _flights = new();

    /// <param name="rejectedVersion">
    /// The version whose access token the provider's API has refused. It forces one refresh while the row has that version; any other
    /// version says nothing about this row.
    /// </param>
    /// <param name="cancel">Ends this caller's wait. The refresh goes on.</param>
    public async Task<AccessTokenResult> GetAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        var result = await FindAsync(userId, rejectedVersion, cancel);
        metrics.AccessToken(result.Word);
        return result;
    }

    private async Task<AccessTokenResult> FindAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        try
        {
            var asked = clock.GetTimestamp();
            var reading = await store.ReadAsync(userId, cancel);
            var old = stored.Of(reading);
            if (reading is null || old is not AccessTokenResult.Granted) return old;

            // A user who has forced the most refreshes of a minute gets the token as it is.
            var rejected = rejectedVersion == reading.Connection.Version && reading.MayBeForced;
            if (!rejected && !reading.IsDue) return old;
            if (!rejected && reading.Connection.RefreshToken is null && reading.Left > TimeSpan.Zero) return old;
            var refreshed = reading.Pause is { } pause
                ? new AccessTokenResult.Unavailable(pause)
                : await RefreshAsync(reading, rejected, cancel);
            // Without a new token the old one is given out while it lives, unless the caller says that it was refused.
            var oldDoes = !rejected && reading.Left > clock.GetElapsedTime(asked);
            return oldDoes
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

    private async Task<AccessTokenResult> RefreshAsync(ConnectionSnapshot reading, bool forced, CancellationToken cancel)
    {
        var row = reading.Connection;
        // Flights are keyed by version: a caller whose newer token was refused must not get that token from an older flight.
        var flight = _flights.JoinAsync((row.UserId, row.GrantId, row.Version), () => inFlight.Run(() => LeaseAsync(reading, forced)));
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

    /// <summary>Takes the lease, or waits for its holder.</summary>
    /// <param name="seen">The row that is to be refreshed, as it was read.</param>
    /// <param name="forced">Whether a caller says that its token was refused.</param>
    /// <returns>The token of a newer version than the one that was seen, or why there is none.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    private async Task<AccessTokenResult> LeaseAsync(ConnectionSnapshot seen, bool forced)
    {
        // The pause is read with the row, so it also holds in replicas without a budget.
        if (seen.AppPause is { } paused) return new AccessTokenResult.Unavailable(paused);
        // Before the lease: while the budget is closed, many readers write nothing.
        if (await budget.PeekAsync(CancellationToken.None) is { } closed) return new AccessTokenResult.Unavailable(closed);
        var lease = RefreshLease.Of(seen.Connection);
        var (began, pause) = (clock.GetTimestamp(), FirstPause);
        while (true)
        {
            var asked = clock.GetTimestamp();
            if (await store.TakeLeaseAsync(lease, forced, CancellationToken.None)) return await leased.RefreshAsync(lease, seen, asked);

            var reading = await store.ReadAsync(lease.UserId, CancellationToken.None);
            if (stored.Since(lease, reading) is { } settled) return settled;
            // The lease has ended and nothing has changed: the holder's call has failed, and one of this replica would fail as well.
            if (reading!.LeaseUntil is not { } until) return new AccessTokenResult.Unavailable(GivenUpPause);
            // The lease has expired by the database's clock: its holder has crashed or is suspended, and any replica may take it.
            if (until < reading.Now) continue;
            if (clock.GetElapsedTime(began) > ReplicaTimeout) return new AccessTokenResult.Unavailable(until - reading.Now);
            await Task.Delay(pause, clock);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection of user {UserId} could not be read.")]
    private static partial void NotRead(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A refresh for user {UserId} did not come to its end in time; it goes on where it can.")]
    private static partial void NotInTime(ILogger log, string userId, Exception failure);
}
