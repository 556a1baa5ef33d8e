using FathomGateway.Tokens.Rescue;

namespace FathomGateway.Tokens;

/// <summary>Saves what a refresh has brought. The old refresh token is spent by now, so this does not give up while the process lives.</summary>
internal sealed class FencedSave(IConnectionStore store, TokenRescue rescue, TimeProvider clock)
{
    /// <returns>The row as saved, or null where the lease is no longer the row's: a disconnect, a newer connect or another refresh has won.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not saved in time; the tokens wait in Redis or in memory.</exception>
    public Task<Connection?> SaveAsync(RefreshLease lease, RefreshedTokens tokens)
    {
        var answeredAt = clock.GetTimestamp();
        RefreshedTokens Aged() => tokens with { Age = clock.GetElapsedTime(answeredAt) };
        return rescue.SaveAsync(
            lease.UserId.Value,
            async first => (first ? await store.SaveAsync(lease, Aged(), CancellationToken.None) : await LateAsync(lease, Aged())) ?? await SavedBeforeAsync(lease, tokens),
            () => RescuedTokens.Of(lease, Aged()),
            TokenRescue.CallersPatience);
    }

    /// <summary>While the database was away the lease may have run out, and somebody may have taken a new one for the old refresh token, which is spent: these tokens are the only ones that work.</summary>
    private Task<Connection?> LateAsync(RefreshLease lease, RefreshedTokens tokens) => store.SaveLateAsync(lease.UserId, lease.GrantId, lease.Version, tokens, CancellationToken.None);

    /// <summary>A commit whose reply was lost: the row holds this very ciphertext, which no other save can have made.</summary>
    private async Task<Connection?> SavedBeforeAsync(RefreshLease lease, RefreshedTokens tokens) =>
        await store.FindAsync(lease.UserId, CancellationToken.None) is { } row && row.AccessToken == tokens.AccessToken ? row : null;
}
