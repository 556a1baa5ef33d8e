using FathomGateway.Fathom;

namespace FathomGateway.Tokens;

/// <summary>
/// How many token calls the whole app may make in a minute, over all replicas. The provider counts per app and answers 429 to everybody
/// beyond its limit, so refreshes, which can wait, are held back before it does; exchanges, for which a user waits, only count.
/// </summary>
/// <param name="limit">Calls in any <see cref="Window"/>; <see cref="Unlimited"/> for no budget. A pause holds in either case.</param>
internal sealed partial class TokenBudget(ITokenCallStore calls, int limit, TimeProvider clock, ILogger<TokenBudget> log) : IDisposable
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

    /// <summary>One question at a time: a herd must neither drain the connection pool nor ask again what the one before was just told.</summary>
    private readonly SemaphoreSlim _line = new(1, 1);
    private readonly Lock _gate = new();
    /// <summary>By the clock that nobody sets: a wall clock that is set back would prolong a pause.</summary>
    private long _closedAt;
    private TimeSpan _closedFor;

    /// <summary>Asked before a refresh: takes one call of the budget.</summary>
    /// <returns>Null: go ahead, the call is counted. Else how long there will be no call to take.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; nothing may be sent, for nobody knows what the others send.</exception>
    public async Task<TimeSpan?> TakeAsync(CancellationToken cancel)
    {
        if (Closed() is { } known) return known;
        if (!await _line.WaitAsync(LongestLine, cancel)) throw new ConnectionStoreUnavailableException("The budget of token calls was not told in time.");
        try
        {
            if (Closed() is { } toldMeanwhile) return toldMeanwhile;
            var wait = await calls.TakeAsync(limit, cancel);
            // A full window does not open before its time, whoever asks: nobody here need ask until then.
            if (wait is { } closed) CloseFor(closed);
            return wait;
        }
        finally
        {
            _line.Release();
        }
    }

    /// <summary>Counts an exchange. It is to run beside the exchange: never throws, and a database that cannot serve goes uncounted.</summary>
    public Task CountAsync(CancellationToken cancel) => limit == Unlimited ? Task.CompletedTask : NoteAsync(calls.CountAsync, NotCounted, cancel);

    /// <summary>
    /// After a 429: no replica takes before the pause is over, this one from now on, the others once it is stored. Never throws; a pause
    /// that cannot be stored holds here alone.
    /// </summary>
    /// <param name="pause">At most <see cref="LongestPause"/> of it counts.</param>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        var bounded = pause < LongestPause ? pause : LongestPause;
        CloseFor(bounded);
        Paused(log, bounded.TotalSeconds);
        return NoteAsync(token => calls.PauseAsync(bounded, token), NotPaused, cancel);
    }

    public void Dispose() => _line.Dispose();

    private static async Task NoteAsync(Func<CancellationToken, Task> note, Action<Exception> failed, CancellationToken cancel)
    {
        try
        {
            await note(cancel).WaitAsync(NoteTimeout, cancel);
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or TimeoutException or OperationCanceledException)
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
}
