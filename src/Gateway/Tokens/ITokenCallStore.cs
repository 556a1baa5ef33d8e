namespace FathomGateway.Tokens;

/// <summary>Remembers the token calls of the last minute for all replicas: a sliding window log by the database's clock.</summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
internal interface ITokenCallStore
{
    /// <summary>
    /// In one atomic step: notes a call down where fewer than <paramref name="limit"/> were made in the last <see cref="TokenBudget.Window"/>
    /// and no pause is on. Of any number of replicas that ask at once, no more pass than there is room for.
    /// </summary>
    /// <returns>Null where the call may be made, and is counted; else how long it is until there is room or the pause ends.</returns>
    Task<TimeSpan?> TakeAsync(int limit, CancellationToken cancel);

    /// <summary>Notes a call down that is made whatever the window holds.</summary>
    Task CountAsync(CancellationToken cancel);

    /// <summary>Lets nobody take for so long; a pause that ends later stays.</summary>
    Task PauseAsync(TimeSpan pause, CancellationToken cancel);
}
