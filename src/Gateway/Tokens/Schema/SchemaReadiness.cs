using System.Diagnostics;
using FathomGateway.Telemetry;
using Npgsql;

namespace FathomGateway.Tokens.Schema;

/// <summary>
/// Migrates the schema before the first use: at the start, again every few seconds while the database is down, and at once when a request
/// needs it.
/// </summary>
internal sealed partial class SchemaReadiness(Func<Task> migrate, ILogger<SchemaReadiness> log) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for a running attempt.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>How long a command line waits for a running attempt.</summary>
    public static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Shortest time between two attempts because of a missing table. A table that was dropped by hand must not cause one with each
    /// request.
    /// </summary>
    private static readonly TimeSpan InvalidationInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Pause after an attempt that found a table in use. Each attempt delays the users of the table, including readers of the former
    /// release.
    /// </summary>
    private static readonly TimeSpan InUsePause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _invalidated, _inUse;

    /// <summary>The last attempt; null before the first one, and after a table was found missing.</summary>
    private Task? _attempt;

    /// <exception cref="ConnectionStoreUnavailableException">
    /// The database was not reached in time, or its schema cannot be brought up to date.
    /// </exception>
    public ValueTask EnsureAsync(CancellationToken cancel) => EnsureAsync(MaxWait, cancel);

    /// <param name="maxWait">How long to wait for a running attempt.</param>
    /// <exception cref="ConnectionStoreUnavailableException">
    /// The database was not reached in time, or its schema cannot be brought up to date.
    /// </exception>
    public async ValueTask EnsureAsync(TimeSpan maxWait, CancellationToken cancel)
    {
        if (_attempt is { IsCompletedSuccessfully: true }) return;
        try
        {
            await SharedAttempt().WaitAsync(maxWait, cancel);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("The database does not answer.", failure);
        }
    }

    /// <summary>
    /// Makes the next request migrate again, because a table is missing. Has no effect if this was done a short time ago.
    /// </summary>
    public void Invalidate()
    {
        lock (_gate)
        {
            if (_attempt is not { IsCompletedSuccessfully: true }) return;
            if (_invalidated is { } since && Stopwatch.GetElapsedTime(since) < InvalidationInterval) return;
            _invalidated = Stopwatch.GetTimestamp();
            _attempt = null;
        }

        Doubted(log);
    }

    /// <summary>The running attempt, or a new one. All callers share it.</summary>
    private Task SharedAttempt()
    {
        lock (_gate)
        {
            var isTooSoon = _inUse is { } since && Stopwatch.GetElapsedTime(since) < InUsePause;
            var hasFailed = _attempt is { IsCompleted: true, IsCompletedSuccessfully: false };
            if (_attempt is null || (hasFailed && !isTooSoon)) _attempt = AttemptAsync();
            return _attempt;
        }
    }

    private async Task AttemptAsync()
    {
        try
        {
            await migrate();
        }
        catch (ConnectionStoreUnavailableException failure) when (
            failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
        {
            lock (_gate) _inUse = Stopwatch.GetTimestamp();
            throw;
        }

        Ready(log);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var logged = "";
        while (!stoppingToken.IsCancellationRequested && _attempt is not { IsCompletedSuccessfully: true })
        {
            try
            {
                await EnsureAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: proxying goes on. Each reason is logged once, not each attempt.
                var reason = ExceptionSummary.Of(failure);
                if (reason != logged) NotReady(log, RetryPause.TotalSeconds, reason);
                logged = reason;
                StillNotReady(log, failure);
                await Task.Delay(RetryPause, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database schema is up to date.")]
    private static partial void Ready(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database is not usable yet; proxying goes on, connecting waits. It is tried again every {Seconds} s; "
            + "`gateway doctor` says what to fix. {Reason}")]
    private static partial void NotReady(ILogger log, double seconds, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A table of the gateway's is missing in the database; its schema is brought up to date again. If this stays, a table was "
            + "dropped by hand: restore it, or drop fathom_schema and the other tables as well.")]
    private static partial void Doubted(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The database is still not usable.")]
    private static partial void StillNotReady(ILogger log, Exception failure);
}
