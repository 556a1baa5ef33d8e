namespace FathomGateway.Telemetry;

/// <summary>
/// A figure for the metrics that a database has to count. It is counted in the background, at most once per period, and a reader of
/// the metrics gets the last one.
/// </summary>
/// <param name="period">A figure of this age is exact enough.</param>
/// <param name="count">Returns null where counting failed.</param>
internal sealed class CachedFigure<T>(TimeProvider clock, TimeSpan period, Func<Task<T?>> count)
    where T : class
{
    /// <summary>Counting takes at most a thousandth of the time, so that a thousand replicas together keep one connection busy.</summary>
    private const int PauseFactor = 1000;

    /// <summary>One slow count must not leave an old figure for most of a day.</summary>
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromHours(1);

    private TimeSpan _lastTook;
    private long? _begunAt;
    private Task _counting = Task.CompletedTask;
    private volatile T? _last;

    /// <summary>Null before the first count has ended, and where the last one failed.</summary>
    public T? Last
    {
        get
        {
            var pause = Math.Clamp(_lastTook.Ticks * PauseFactor, period.Ticks, MaxPeriod.Ticks);
            var isDue = _begunAt is not { } at || clock.GetElapsedTime(at).Ticks > pause;
            if (isDue && _counting.IsCompleted) _counting = Task.Run(CountAsync);
            return _last;
        }
    }

    private async Task CountAsync()
    {
        var begun = clock.GetTimestamp();
        _begunAt = begun;
        _last = await count();
        _lastTook = clock.GetElapsedTime(begun);
    }
}
