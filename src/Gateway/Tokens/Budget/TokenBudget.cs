using FathomGateway.Fathom;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Budget;

/// <summary>
/// How many token calls the whole app may make in a minute, over all replicas. The provider counts per app and answers 429 to everybody
/// beyond its limit. Refreshes, which can wait, are held back before it does, and have half of the budget for themselves; exchanges, for
/// which a user waits, only count, and wait only where their user's codes were refused.
/// </summary>
/// <param name="limit">Calls in any <see cref="Window"/>; <see cref="Unlimited"/> for no budget, which asks the database nothing.</param>
internal sealed partial class TokenBudget(TokenCallStore calls, int limit, TimeProvider clock, ILogger<TokenBudget> log) : IDisposable
{
    public const int Unlimited = int.MaxValue;

    /// <summary>The provider's limit is one per 60 seconds; so is ours.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>No pause is longer. Also of a stored one: the database's clock may have been set back meanwhile.</summary>
    public static readonly TimeSpan LongestPause = RetryAfterField.Longest;

    /// <summary>How long counting and pausing may take: they only serve others.</summary>
    private static readonly TimeSpan NoteTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long one may stand in this replica's line, which moves fast unless the database is slow.</summary>
    private static readonly TimeSpan LongestLine = TimeSpan.FromSeconds(3);

    /// <summary>One question at a time: a herd must neither drain the pool nor ask again what the one before was just told.</summary>
    private readonly SemaphoreSlim _line = new(1, 1);

    private readonly Lock _gate = new();

    /// <summary>By the clock that nobody sets: a wall clock that is set back would prolong a pause.</summary>
    private long _closedAt;

    private TimeSpan _closedFor;

    /// <summary>Asked before a lease is taken: while the budget is closed, nothing is written.</summary>
    /// <returns>Null where a refresh may be sent; else how long there will be no call to take.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public Task<TimeSpan?> LookAsync(CancellationToken cancel) => AskAsync(calls.LookAsync, cancel);

    /// <summary>Asked right before a refresh: takes one call of the budget.</summary>
    /// <returns>Null: go ahead, the call is counted. Else how long there will be no call to take.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Nothing may be sent: nobody knows what the others send.</exception>
    public Task<TimeSpan?> TakeAsync(CancellationToken cancel) => AskAsync(calls.TakeAsync, cancel);

    /// <summary>Counts a refresh that is sent a second time. Never throws; a database that cannot serve leaves it uncounted.</summary>
    public Task CountRefreshAsync() => CountAsync(calls.CountRefreshAsync);

    /// <summary>Counts an exchange. It is to run beside the exchange: never throws.</summary>
    public Task CountExchangeAsync(UserId userId) => CountAsync(cancel => calls.NoteExchangeAsync(userId, refused: false, cancel));

    /// <summary>Remembers that the provider has refused a code. Never throws.</summary>
    public Task NoteRefusedExchangeAsync(UserId userId) => CountAsync(cancel => calls.NoteExchangeAsync(userId, refused: true, cancel));

    /// <summary>Whether a user's next code waits, because too many were refused. It is asked before state and code are spent.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<bool> MustWaitAsync(UserId userId, CancellationToken cancel) =>
        limit != Unlimited && (await calls.RefusedAsync(userId, cancel)).MustWait;

    /// <summary>
    /// After a 429: no replica takes before the pause is over, this one from now on, the others once it is stored (without a budget they
    /// read it with the row, see <see cref="RefreshState.AppPause"/>). Never throws; a pause that cannot be stored holds here alone.
    /// </summary>
    /// <param name="pause">At most <see cref="LongestPause"/> of it counts.</param>
    public Task PauseAsync(TimeSpan pause)
    {
        var bounded = pause < LongestPause ? pause : LongestPause;
        CloseFor(bounded);
        Paused(log, bounded.TotalSeconds);
        return NoteAsync(cancel => calls.PauseAsync(bounded, cancel), failure => NotPaused(log, failure));
    }

    public void Dispose() => _line.Dispose();

    private async Task<TimeSpan?> AskAsync(Func<int, CancellationToken, Task<TimeSpan?>> ask, CancellationToken cancel)
    {
        if (Closed() is { } known) return known;
        if (limit == Unlimited) return null;
        if (!await _line.WaitAsync(LongestLine, cancel))
        {
            throw new ConnectionStoreUnavailableException("The budget of token calls was not told in time.");
        }

        try
        {
            if (Closed() is { } toldMeanwhile) return toldMeanwhile;
            var wait = await ask(limit, cancel);
            // A full window does not open before its time, whoever asks: nobody here need ask until then.
            if (wait is { } closed) CloseFor(closed);
            return wait;
        }
        finally
        {
            _line.Release();
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

    private void CloseFor(TimeSpan wait)
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
