namespace FathomGateway.Tokens;

/// <summary>
/// Refreshes a connection, or waits for whoever does: of all replicas, the one that writes its lease into the row speaks to the provider.
/// </summary>
internal sealed class TokenRefresh(IConnectionStore store, StoredAccessToken stored, LeasedRefresh leased, ClientCircuit circuit, TimeProvider clock)
{
    /// <summary>How long to wait for another replica: its call to the provider has 10 s, and its save takes a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>After a holder who gave up, whose reason only he knows.</summary>
    private static readonly TimeSpan GivenUpPause = TimeSpan.FromSeconds(2);

    /// <returns>The token of a newer version than the one that was seen, or why there is none.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<AccessTokenResult> RunAsync(Connection seen)
    {
        if (circuit.Rest is { } rest) return new AccessTokenResult.Unavailable(rest);
        var lease = RefreshLease.Of(seen);
        var (began, pause) = (clock.GetTimestamp(), FirstPause);
        while (true)
        {
            var asked = clock.GetTimestamp();
            if (await store.TakeLeaseAsync(lease, CancellationToken.None)) return await leased.RefreshAsync(lease, seen, asked);

            var reading = await store.ReadAsync(seen.UserId, CancellationToken.None);
            if (stored.Since(lease, reading) is { } settled) return settled;
            // Ended, with nothing changed: the holder has tried. To try again at once, replica after replica, would only multiply the failure.
            if (reading!.LeaseUntil is not { } until) return new AccessTokenResult.Unavailable(GivenUpPause);
            // The time is up by the database's clock: the holder is dead or asleep, and anybody may take over.
            if (until < reading.Now) continue;
            if (clock.GetElapsedTime(began) > Patience) return new AccessTokenResult.Unavailable(until - reading.Now);
            await Task.Delay(pause, clock);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
