namespace FathomGateway.Events;

/// <summary>When an event that was not delivered is tried again (webhook retries, backoff), and when it is no longer retried.</summary>
internal static class RetrySchedule
{
    /// <summary>The first pauses are short: most receivers are down for the length of a deployment.</summary>
    private static readonly TimeSpan[] FirstDelays =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private static readonly TimeSpan LaterDelay = TimeSpan.FromHours(1);

    /// <summary>Three days of hourly attempts after the first ones: a receiver that is down over a weekend misses nothing.</summary>
    public static readonly TimeSpan MaxAge = FirstDelays.Aggregate(TimeSpan.FromDays(3), (sum, pause) => sum + pause);

    /// <summary>The shortest pause that a receiver may ask for. An immediate attempt would be refused again.</summary>
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest pause that a receiver may ask for, and the longest of all. One wrong field must not delay an event for ever.
    /// </summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    /// <param name="attempts">Attempts before this one.</param>
    /// <param name="age">Since the event was written, or since a redelivery was requested.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>, or null.</param>
    /// <returns>Null where the event is no longer retried.</returns>
    public static TimeSpan? Next(long attempts, TimeSpan age, TimeSpan? retryAfter)
    {
        if (attempts >= FirstDelays.Length && age > MaxAge) return null;
        if (retryAfter is { } wait) return wait < MinRetryAfter ? MinRetryAfter : wait > MaxRetryAfter ? MaxRetryAfter : wait;
        return attempts < FirstDelays.Length ? FirstDelays[attempts] : LaterDelay;
    }
}
