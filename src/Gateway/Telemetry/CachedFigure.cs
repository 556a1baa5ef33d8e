namespace FathomGateway.Telemetry;

/// <summary>
/// A figure for the metrics that a database has to count. It is counted in the background, at most once per period, and a reader of
/// the metrics gets the last one.
/// </summary>
/// <param name="period">A figure of this age is exact enough.</param>
/// <param name="maxPeriod">Longest pause between two counts, however slow they are.</param>
/// <param name="count">Returns null where counting failed.</param>
internal sealed class CachedFigure<T>(TimeProvider clock, TimeSpan period, TimeSpan maxPeriod, Func<Task<T?>> count)
    where T : class
{
    /// <summary>Counting takes at most a thousandth of the time, so that a thousand replicas together keep one connection busy.</summary>
    private const int PauseFactor = 1000;

    /// <summary>
    /// The duration of a failed count is that of a time limit, and says nothing about the cost of the next one. While counts fail, counting
    /// takes at most a tenth of the time.
    /// </summary>
    private const int FailurePauseFactor = 10;

    /// <summary>Shortest pause after a failed count. Most stalls of a database are over by then.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the last figure is kept after the first of the counts that fail. An alert must not resolve because of a stall or a
    /// fail-over of the database, which take less. An older figure would hide that nothing is known. While no count fails, a figure of any
    /// age is kept: where the metrics are fetched rarely, each fetch gets the figure that the fetch before it has caused.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private T? _last;
    private long? _failingSince;
    private long? _pausedAt;
    private TimeSpan _pause;

    /// <summary>The running count, or the last one.</summary>
    internal Task Counting { get; private set; } = Task.CompletedTask;

    /// <summary>Null before the first count has ended, and where counts have failed for too long.</summary>
    public T? Last
    {
        get
        {
            lock (_gate)
            {
                var isDue = _pausedAt is not { } at || clock.GetElapsedTime(at) > _pause;
                if (isDue && Counting.IsCompleted) Counting = Task.Run(CountAsync);
                return _failingSince is { } since && clock.GetElapsedTime(since) > Grace ? null : _last;
            }
        }
    }

    private async Task CountAsync()
    {
        var begun = clock.GetTimestamp();
        T? figure = null;
        try
        {
            figure = await count();
        }
        finally
        {
            var ended = clock.GetTimestamp();
            Record(figure, begun, ended, clock.GetElapsedTime(begun, ended));
        }
    }

    private void Record(T? figure, long begun, long ended, TimeSpan took)
    {
        lock (_gate)
        {
            if (figure is null)
            {
                _failingSince ??= ended;
                (_pausedAt, _pause) = (ended, Pause(took, FailurePauseFactor, RetryPause));
                return;
            }

            (_pausedAt, _pause) = (begun, Pause(took, PauseFactor, period));
            (_last, _failingSince) = (figure, null);
        }
    }

    private TimeSpan Pause(TimeSpan took, int factor, TimeSpan shortest) =>
        TimeSpan.FromTicks(Math.Clamp(took.Ticks * factor, shortest.Ticks, maxPeriod.Ticks));
}
