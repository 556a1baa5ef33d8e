using System.Collections.Concurrent;
using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Users;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// Records for each user the time until which the API asks for no calls. Further calls of that user wait here for up to RELAY_MAX_WAIT. A
/// call that would wait longer is relayed, and the API answers it. Times are timestamps of the clock: a step of the wall clock neither ends
/// nor lengthens a limit.
/// </summary>
internal sealed class RelayRateLimit(TimeSpan maxWait, TimeProvider clock)
{
    public const string MaxWaitName = "RELAY_MAX_WAIT";

    /// <summary>Seconds. Shorter than the timeouts of HTTP clients, and long enough for the end of most rate windows.</summary>
    private const int DefaultSeconds = 5;

    /// <summary>Beyond this time the timeouts of callers or proxies end the call first.</summary>
    private const int MaxSeconds = 60;

    /// <summary>Largest number of users to remember, about a megabyte. The API itself limits further users.</summary>
    private const int MaxUsers = 10_000;

    /// <summary>The longest wait to record. The API's window is a minute; one wrong field must not block a user for a day.</summary>
    private static readonly TimeSpan MaxRecordedWait = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<UserId, Limit> _limits = [];

    /// <summary>Reads RELAY_MAX_WAIT.</summary>
    public static TimeSpan ReadMaxWait(SettingsReader settings)
    {
        var fallback = DefaultSeconds.ToString(CultureInfo.InvariantCulture);
        var text = settings.Optional(MaxWaitName, fallback);
        var isRead = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        if (!isRead || seconds > MaxSeconds)
        {
            settings.Fault(MaxWaitName, $"is no number of seconds: write a whole number from 0 (nothing waits) to {MaxSeconds}.");
        }

        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>
    /// Records what a response says of the user's limit: the end of it, or that requests are left. The newest response counts. A response
    /// to a request that was sent before the limit was recorded can only lengthen the limit.
    /// </summary>
    /// <param name="sent">Timestamp of when the request was sent.</param>
    public void Note(UserId userId, HttpResponseMessage answer, long sent)
    {
        if (maxWait == TimeSpan.Zero || RateLimitHeaders.Wait(answer, clock.GetUtcNow()) is not { } wait) return;
        if (wait <= TimeSpan.Zero)
        {
            if (_limits.TryGetValue(userId, out var over) && over.Recorded <= sent) _limits.TryRemove(KeyValuePair.Create(userId, over));
            return;
        }

        if (_limits.Count >= MaxUsers && !_limits.ContainsKey(userId))
        {
            foreach (var over in _limits.Where(one => Left(one.Value) <= TimeSpan.Zero)) _limits.TryRemove(over);
            if (_limits.Count >= MaxUsers) return;
        }

        var limit = new Limit(clock.GetTimestamp(), wait < MaxRecordedWait ? wait : MaxRecordedWait);
        _limits.AddOrUpdate(userId, limit, (_, before) => sent < before.Recorded && Left(limit) < Left(before) ? before : limit);
    }

    /// <summary>Waits until the user's limit is over, if that is within RELAY_MAX_WAIT; otherwise returns at once.</summary>
    public async Task WaitAsync(UserId userId, CancellationToken cancel)
    {
        var left = maxWait;
        while (_limits.TryGetValue(userId, out var limit))
        {
            var wait = Left(limit);
            if (wait <= TimeSpan.Zero) _limits.TryRemove(KeyValuePair.Create(userId, limit));
            if (wait <= TimeSpan.Zero || wait > left) return;
            await Task.Delay(wait, clock, cancel);
            // An earlier call may have met the limit again meanwhile.
            left -= wait;
        }
    }

    private TimeSpan Left(Limit limit) => limit.Wait - clock.GetElapsedTime(limit.Recorded);

    /// <param name="Recorded">Timestamp of when the response came.</param>
    /// <param name="Wait">The API asks for no call during this time.</param>
    private readonly record struct Limit(long Recorded, TimeSpan Wait);
}
