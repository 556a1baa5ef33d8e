using FathomGateway.Tokens.Rescue;

namespace FathomGateway.Tokens;

/// <summary>Saves what a refresh has brought. The old refresh token is spent by now, so this does not give up while the process lives.</summary>
internal sealed class FencedSave(ConnectionStore store, TokenRescue rescue, TimeProvider clock)
{
    /// <returns>The row as saved, or null where it is of another grant or version: a disconnect, a newer connect or another refresh has won.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not saved in time; the tokens wait in Redis or in memory.</exception>
    public Task<Connection?> SaveAsync(RefreshFence fence, RefreshedTokens tokens)
    {
        var answeredAt = clock.GetTimestamp();
        RefreshedTokens Aged() => tokens with { Age = clock.GetElapsedTime(answeredAt) };
        return rescue.SaveAsync(
            fence.UserId.Value,
            async () => await store.SaveAsync(fence, Aged(), CancellationToken.None) ?? await SavedBeforeAsync(fence, tokens),
            () => RescuedTokens.Of(fence, Aged()),
            TokenRescue.CallersPatience);
    }

    /// <summary>A commit whose reply was lost: the row holds this very ciphertext, which no other save can have made.</summary>
    private async Task<Connection?> SavedBeforeAsync(RefreshFence fence, RefreshedTokens tokens) =>
        await store.FindAsync(fence.UserId, CancellationToken.None) is { } row && row.AccessToken == tokens.AccessToken ? row : null;
}
