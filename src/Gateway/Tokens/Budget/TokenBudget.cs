using FathomGateway.Fathom;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Budget;

/// <summary>
/// Limits the token calls of the whole app, over all replicas. The provider counts per app and answers 429 to every user beyond its limit.
/// Refreshes can wait: they are held back before that, and half of the budget is theirs. Exchanges, for which a user waits, count, and wait
/// only where codes of their user were refused.
/// </summary>
/// <param name="limit">Calls in any <see cref="Window"/>; <see cref="Unlimited"/> is no budget and costs no query.</param>
internal sealed partial class TokenBudget(TokenCallStore calls, int limit, TimeProvider clock, ILogger<TokenBudget> log) : IDisposable
{
    public const int Unlimited = int.MaxValue;

    /// <summary>The window of the provider's limit.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>The longest pause. A stored one that seems longer stems from a clock that was set back.</summary>
    public static readonly TimeSpan MaxPause = ProviderRetryAfter.Max;

    /// <summary>Limit of counting and pausing, for which no caller waits.</summary>
    private static readonly TimeSpan NoteTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits for those before it.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>One query at a time: many callers must not use up the pool, nor repeat a query that was just answered.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly Lock _gate = new();

    /// <summary>A timestamp, because a wall clock that is set back would prolong a pause.</summary>
    private long _closedAt;

    private TimeSpan _closedFor;

    /// <summary>Looks before a lease is taken, and writes nothing.</summary>
    /// <returns>Null where a refresh may be sent; else how long the budget stays closed.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public Task<TimeSpan?> PeekAsync(CancellationToken cancel) => QueryAsync(calls.PeekAsync, cancel);

    /// <summary>Takes one call of the budget, right before a refresh.</summary>
    /// <returns>Null where the refresh may be sent, and is counted; else how long the budget stays closed.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Nothing may be sent: the calls of the other replicas are unknown.</exception>
    public Task<TimeSpan?> TakeAsync(CancellationToken cancel) => QueryAsync(calls.TakeAsync, cancel);

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
    /// Pauses all refreshes of the app after a 429. The other replicas read the pause from the database, with the row where they have no
    /// budget (<see cref="ConnectionSnapshot.AppPause"/>). Never throws; a pause that cannot be stored holds in this replica alone.
    /// </summary>
    /// <param name="pause">Cut to <see cref="MaxPause"/>.</param>
    public Task PauseAsync(TimeSpan pause)
    {
        var bounded = pause < MaxPause ? pause : MaxPause;
        CloseFor(bounded);
        Paused(log, bounded.TotalSeconds);
        return NoteAsync(cancel => calls.PauseAsync(bounded, cancel), failure => NotPaused(log, failure));
    }

    public void Dispose() => _turn.Dispose();

    private async Task<TimeSpan?> QueryAsync(Func<int, CancellationToken, Task<TimeSpan?>> query, CancellationToken cancel)
    {
        if (Closed() is { } known) return known;
        if (limit == Unlimited) return null;
        if (!await _turn.WaitAsync(MaxWait, cancel))
        {
            throw new ConnectionStoreUnavailableException("The database did not answer about the budget of token calls in time.");
        }

        try
        {
            if (Closed() is { } toldMeanwhile) return toldMeanwhile;
            var wait = await query(limit, cancel);
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

    /// <summary>Lets no refresh of this replica pass for a while; a longer wait that is on stays.</summary>
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
