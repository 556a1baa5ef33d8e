namespace FathomGateway.Events;

/// <summary>When an event is tried again that was not delivered, and when it rests.</summary>
internal static class RetrySchedule
{
    /// <summary>After the first tries: soon, since most receivers are away for the length of a deployment.</summary>
    private static readonly TimeSpan[] First =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private static readonly TimeSpan Then = TimeSpan.FromHours(1);

    /// <summary>Three days of hourly tries after the first ones: a receiver that is away over a weekend misses nothing.</summary>
    public static readonly TimeSpan LongestAge = First.Aggregate(TimeSpan.FromDays(3), (sum, pause) => sum + pause);

    /// <summary>
    /// Bounds of what a receiver may ask for: no pause would be answered by the same refusal, and one odd field must not hold an event back
    /// for good.
    /// </summary>
    private static readonly TimeSpan ShortestAsked = TimeSpan.FromSeconds(1), LongestAsked = TimeSpan.FromDays(1);

    /// <param name="attempts">Tries before this one.</param>
    /// <param name="age">Of the event.</param>
    /// <param name="asked">What <c>Retry-After</c> asked for, or null.</param>
    /// <returns>Null where the event rests.</returns>
    public static TimeSpan? Next(long attempts, TimeSpan age, TimeSpan? asked)
    {
        if (attempts >= First.Length && age > LongestAge) return null;
        if (asked is { } wait) return wait < ShortestAsked ? ShortestAsked : wait > LongestAsked ? LongestAsked : wait;
        return attempts < First.Length ? First[attempts] : Then;
    }
}
