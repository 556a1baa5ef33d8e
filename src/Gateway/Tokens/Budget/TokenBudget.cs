using FathomGateway.Fathom;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Budget;

/// <summary>
/// Limits the token calls of the whole app, over all replicas. The provider counts calls per app, and beyond its limit answers 429 for
/// every user. Refreshes can wait, so they are held back before that limit. Half of the budget is reserved for them. A user waits for an
/// exchange, so exchanges are counted and not held back, except where codes of the user were refused.
/// </summary>
/// <param name="limit">Calls in any <see cref="Window"/>; <see cref="Unlimited"/> for no budget.</param>
internal sealed partial class TokenBudget(TokenCallStore calls, int limit, TimeProvider clock, ILogger<TokenBudget> log) : IDisposable
{
    public const int Unlimited = int.MaxValue;

    /// <summary>The window of the provider's limit.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>The longest pause. A stored pause that seems longer was stored before the clock was set back.</summary>
    public static readonly TimeSpan MaxPause = ProviderRetryAfter.Max;

    /// <summary>Time limit for storing a call or a pause. No caller waits for it.</summary>
    private static readonly TimeSpan NoteTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits for the queries of earlier callers.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>Allows one query at a time. Many callers must not use up the pool, nor repeat a query that was just answered.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly Lock _gate = new();

    /// <summary>A timestamp, because a wall clock that is set back would prolong a pause.</summary>
    private long _closedAt;

    private TimeSpan _closedFor;

    /// <summary>Checks the budget and the pause before a lease is taken. Writes nothing.</summary>
    /// <returns>Null where a refresh may be sent; else how long the budget stays closed.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public Task<TimeSpan?> PeekAsync(CancellationToken cancel) =>
        QueryAsync(() => limit == Unlimited ? calls.PeekPauseAsync(cancel) : calls.PeekAsync(limit, cancel), cancel);

    /// <summary>Takes one call of the budget, right before a refresh.</summary>
    /// <returns>Null where the refresh may be sent, and is counted; else how long the budget stays closed.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">
    /// No refresh may be sent, because the calls of the other replicas are unknown.
    /// </exception>
    public Task<TimeSpan?> TakeAsync(CancellationToken cancel) =>
        limit == Unlimited ? Task.FromResult(Closed()) : QueryAsync(() => calls.TakeAsync(limit, cancel), cancel);

    /// <summary>Counts a refresh that is sent a second time. Never throws; it is not counted while the database is down.</summary>
    public Task CountRefreshAsync() => CountAsync(calls.CountRefreshAsync);

    /// <summary>Counts an exchange, while the exchange runs. Never throws.</summary>
    public Task CountExchangeAsync(UserId userId) => CountAsync(cancel => calls.NoteExchangeAsync(userId, refused: false, cancel));

    /// <summary>Remembers that the provider has refused a code. Never throws.</summary>
    public Task NoteRefusedExchangeAsync(UserId userId) => CountAsync(cancel => calls.NoteExchangeAsync(userId, refused: true, cancel));

    /// <summary>Whether a user's next code has to wait, because too many were refused. State and code are not spent yet.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<bool> MustWaitAsync(UserId userId, CancellationToken cancel) =>
        limit != Unlimited && (await calls.RefusedAsync(userId, cancel)).MustWait;

    /// <summary>
    /// Pauses all refreshes of the app after a 429. Other replicas read the pause from the database before a refresh, with or without a
    /// budget. Never throws. A pause that cannot be stored applies to this replica alone.
    /// </summary>
    /// <param name="pause">At most <see cref="MaxPause"/> is used.</param>
    public Task PauseAsync(TimeSpan pause)
    {
        var bounded = pause < MaxPause ? pause : MaxPause;
        CloseFor(bounded);
        Paused(log, bounded.TotalSeconds);
        return NoteAsync(cancel => calls.PauseAsync(bounded, cancel), failure => NotPaused(log, failure));
    }

    public void Dispose() => _turn.Dispose();

    private async Task<TimeSpan?> QueryAsync(Func<Task<TimeSpan?>> query, CancellationToken cancel)
    {
        if (Closed() is { } known) return known;
        if (!await _turn.WaitAsync(MaxWait, cancel))
        {
            throw new ConnectionStoreUnavailableException("The database did not answer about the budget of token calls in time.");
        }

        try
        {
            if (Closed() is { } closedMeanwhile) return closedMeanwhile;
            var wait = await query();
            // A full window does not open earlier, so this replica need not query until then.
            if (wait is { } closed) CloseFor(closed);
            return wait;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task CountAsync(Func<CancellationToken, Task> note) =>
        limit == Unlimited ? Task.CompletedTask : NoteAsync(note, failure => NotCounted(log, failure));

    private static async Task NoteAsync(Func<CancellationToken, Task> note, Action<Exception> failed)
    {
        try
        {
            await note(CancellationToken.None).WaitAsync(NoteTimeout);
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or TimeoutException)
        {
            failed(failure);
        }
    }

    /// <summary>Stops the refreshes of this replica for this time. A wait that ends later stays.</summary>
    public void CloseFor(TimeSpan wait)
    {
        lock (_gate)
        {
            if (Closed() is { } left && left >= wait) return;
            (_closedAt, _closedFor) = (clock.GetTimestamp(), wait);
        }
    }

    private TimeSpan? Closed()
    {
        lock (_gate)
        {
            var left = _closedFor - clock.GetElapsedTime(_closedAt);
            return left > TimeSpan.Zero ? left : null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The provider answers 429: no refresh of this app for {Seconds} s. If it comes again, lower FATHOM_TOKEN_BUDGET.")]
    private static partial void Paused(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A token call could not be counted against the budget.")]
    private static partial void NotCounted(ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pause could not be stored: it holds in this replica alone.")]
    private static partial void NotPaused(ILogger log, Exception failure);
}
