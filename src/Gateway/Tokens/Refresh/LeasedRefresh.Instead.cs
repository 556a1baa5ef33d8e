namespace FathomGateway.Tokens.Refresh;

/// <summary>What may stand in the place of a call: tokens of an earlier refresh, and rows that others have moved on.</summary>
internal sealed partial class LeasedRefresh
{
    /// <returns>What there is to answer without sending the refresh token, or null.</returns>
    private async Task<AccessTokenResult?> InsteadAsync(RefreshLease lease)
    {
        try
        {
            // This very process may hold what an earlier refresh has brought, and be about to save it.
            if (pending.IsSaving(lease.UserId)) return await GiveUpAsync(lease, ProviderPause);
            if (await PendingAsync(lease) is { } saved) return saved;
            if (await budget.TakeAsync(CancellationToken.None) is { } wait) return await GiveUpAsync(lease, wait);
            // What waited in Redis may have been stored since the lease was taken, by whoever drains: then the token in hand is spent.
            return await SettledMeanwhileAsync(lease);
        }
        catch (ConnectionStoreUnavailableException)
        {
            await ReleaseAsync(lease);
            throw;
        }
    }

    /// <summary>
    /// An earlier holder may have brought new tokens and found no database to save them in: then the row's refresh token is spent, and they
    /// are what to go on with.
    /// </summary>
    private async Task<AccessTokenResult?> PendingAsync(RefreshLease lease)
    {
        if (await drain.OfAsync(lease) is not { } row) return null;
        return stored.Since(lease, new ConnectionSnapshot(row, new RefreshState(clock.GetUtcNow(), null, null, null, 0, null, null, null)));
    }

    /// <returns>Null while the row is as it was and still ours.</returns>
    private async Task<AccessTokenResult?> SettledMeanwhileAsync(RefreshLease lease)
    {
        var reading = await store.ReadAsync(lease.UserId, CancellationToken.None);
        if (stored.Since(lease, reading) is { } settled) return settled;
        return reading!.State.LeaseOwner == lease.Owner ? null : new AccessTokenResult.Unavailable(ProviderPause);
    }
}
