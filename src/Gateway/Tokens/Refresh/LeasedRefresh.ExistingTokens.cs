namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Finds results that need no call to the provider: tokens of an earlier refresh, and a row that another process has changed. Releases a
/// lease that has brought no tokens.
/// </summary>
internal sealed partial class LeasedRefresh
{
    /// <returns>The result without a call to the provider; null where the refresh token has to be sent.</returns>
    private async Task<AccessTokenResult?> UseEarlierResultAsync(RefreshLease lease)
    {
        try
        {
            // This process may be saving the tokens of an earlier refresh.
            if (pending.IsSaving(lease.UserId)) return await GiveUpAsync(lease, ProviderPause);
            if (await UsePendingTokensAsync(lease) is { } saved) return saved;
            if (await budget.TakeAsync(CancellationToken.None) is { } wait) return await GiveUpAsync(lease, wait);
            // A drain may have stored pending tokens since the lease was taken. This refresh token is spent then.
            return await FindNewerResultAsync(lease);
        }
        catch (ConnectionStoreUnavailableException)
        {
            await ReleaseAsync(lease);
            throw;
        }
    }

    /// <summary>
    /// Stores the tokens that an earlier holder of a lease on this version could not save. If there are any, the row's refresh token is
    /// spent.
    /// </summary>
    private async Task<AccessTokenResult?> UsePendingTokensAsync(RefreshLease lease) =>
        await drain.DrainAsync(lease) ? await FindNewerResultAsync(lease) : null;

    /// <returns>Null while the row is unchanged and this lease is its lease.</returns>
    private async Task<AccessTokenResult?> FindNewerResultAsync(RefreshLease lease)
    {
        var snapshot = await store.ReadAsync(lease.UserId, CancellationToken.None);
        if (stored.ResultIfChanged(lease, snapshot) is { } result) return result;
        return snapshot!.LeaseOwner == lease.Owner ? null : new AccessTokenResult.Unavailable(ProviderPause);
    }

    private async Task<AccessTokenResult> GiveUpAsync(RefreshLease lease, TimeSpan retryAfter, bool endsRefusals = false)
    {
        await ReleaseAsync(lease, endsRefusals);
        return new AccessTokenResult.Unavailable(retryAfter);
    }

    private Task ReleaseAsync(RefreshLease lease, bool endsRefusals = false) =>
        TryReleaseAsync(lease, () => store.ReleaseLeaseAsync(lease, endsRefusals, CancellationToken.None));

    /// <param name="release">Releases the lease, with or without a refusal to count.</param>
    private async Task TryReleaseAsync(RefreshLease lease, Func<Task> release)
    {
        try
        {
            await release();
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            // The lease expires by itself.
            NotReleased(log, lease.UserId.Value, failure);
        }
    }
}
