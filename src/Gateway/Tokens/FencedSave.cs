namespace FathomGateway.Tokens;

/// <summary>Saves what a refresh has brought. The old refresh token is spent by now, so this does not give up while the process lives.</summary>
internal sealed partial class FencedSave(IConnectionStore store, RefreshesUnderWay underWay, TimeProvider clock, ILogger<FencedSave> log)
{
    /// <summary>How long callers wait for a database that cannot serve.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(1);

    /// <returns>The row as saved, or null where the lease is no longer the row's: a disconnect, a newer connect or another refresh has won.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not saved in time; the tokens stay in memory and saving goes on.</exception>
    public async Task<Connection?> SaveAsync(RefreshLease lease, RefreshedTokens tokens)
    {
        // The one place where tokens are alive and not in the database: a second store to put them by would be asked for here.
        var saving = underWay.Run(() => SaveInTheEndAsync(lease, tokens, clock.GetTimestamp()));
        try
        {
            return await saving.WaitAsync(Patience, clock);
        }
        catch (TimeoutException failure)
        {
            Waiting(log, lease.UserId.Value, failure);
            throw new ConnectionStoreUnavailableException("Refreshed tokens could not be saved yet.", failure);
        }
    }

    private async Task<Connection?> SaveInTheEndAsync(RefreshLease lease, RefreshedTokens tokens, long answeredAt)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await store.SaveAsync(lease, tokens with { Age = clock.GetElapsedTime(answeredAt) }, CancellationToken.None) ?? await SavedBeforeAsync(lease, tokens);
            }
            catch (ConnectionStoreUnavailableException failure)
            {
                NotSaved(log, lease.UserId.Value, failure);
            }

            await Task.Delay(pause, clock);
        }
    }

    /// <summary>A commit whose reply was lost: the row holds this very ciphertext, which no other save can have made.</summary>
    private async Task<Connection?> SavedBeforeAsync(RefreshLease lease, RefreshedTokens tokens) =>
        await store.FindAsync(lease.UserId, CancellationToken.None) is { } row && row.AccessToken == tokens.AccessToken ? row : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refreshed tokens of user {UserId} could not be saved; trying again.")]
    private static partial void NotSaved(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refreshed tokens of user {UserId} are in this process's memory alone until the database serves again.")]
    private static partial void Waiting(ILogger log, string userId, Exception failure);
}
