namespace FathomGateway.Events;

/// <summary>When an event that was not delivered is tried again (webhook retries, backoff), and when it is no longer retried.</summary>
internal static class RetrySchedule
{
    /// <summary>The first pauses are short: most receivers are down for the length of a deployment.</summary>
    private static readonly TimeSpan[] First =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private static readonly TimeSpan Then = TimeSpan.FromHours(1);

    /// <summary>Three days of hourly attempts after the first ones: a receiver that is down over a weekend misses nothing.</summary>
    public static readonly TimeSpan LongestAge = First.Aggregate(TimeSpan.FromDays(3), (sum, pause) => sum + pause);

    /// <summary>
    /// Bounds of the pause that a receiver may ask for: an attempt at once would be refused again, and one odd field must not hold an event
    /// back for good.
    /// </summary>
    private static readonly TimeSpan ShortestAsked = TimeSpan.FromSeconds(1), LongestAsked = TimeSpan.FromDays(1);

    /// <param name="attempts">Attempts before this one.</param>
    /// <param name="age">Since the event was written, or since a redelivery was asked for.</param>
    /// <param name="asked">What <c>Retry-After</c> asked for, or null.</param>
    /// <returns>Null where the event is no longer retried.</returns>
    public static TimeSpan? Next(long attempts, TimeSpan age, TimeSpan? asked)
    {
        if (attempts >= First.Length && age > LongestAge) return null;
        if (asked is { } wait) return wait < ShortestAsked ? ShortestAsked : wait > LongestAsked ? LongestAsked : wait;
        return attempts < First.Length ? First[attempts] : Then;
    }
}
