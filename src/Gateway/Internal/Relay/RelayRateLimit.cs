using System.Collections.Concurrent;
using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Users;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// Records for each user the time until which the API asks for no calls. Further calls of that user wait here for up to RELAY_MAX_WAIT. A
/// call that would wait longer is relayed, and the API answers it.
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

    private readonly ConcurrentDictionary<UserId, DateTimeOffset> _until = [];

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

    /// <summary>Records the user's limit from a response: a 429, or no request left in the window.</summary>
    public void Note(UserId userId, HttpResponseMessage answer)
    {
        if (maxWait == TimeSpan.Zero || RateLimitHeaders.Wait(answer, clock.GetUtcNow()) is not { } wait || wait <= TimeSpan.Zero) return;
        var now = clock.GetUtcNow();
        if (_until.Count >= MaxUsers && !_until.ContainsKey(userId))
        {
            foreach (var over in _until.Where(one => one.Value <= now)) _until.TryRemove(over);
            if (_until.Count >= MaxUsers) return;
        }

        var until = now + (wait < MaxRecordedWait ? wait : MaxRecordedWait);
        _until.AddOrUpdate(userId, until, (_, before) => before > until ? before : until);
    }

    /// <summary>Waits until the user's limit is over, if that is within RELAY_MAX_WAIT; otherwise returns at once.</summary>
    public async Task WaitAsync(UserId userId, CancellationToken cancel)
    {
        var left = maxWait;
        while (_until.TryGetValue(userId, out var until))
        {
            var wait = until - clock.GetUtcNow();
            if (wait <= TimeSpan.Zero) _until.TryRemove(KeyValuePair.Create(userId, until));
            if (wait <= TimeSpan.Zero || wait > left) return;
            await Task.Delay(wait, clock, cancel);
            // An earlier call may have met the limit again meanwhile.
            left -= wait;
        }
    }
}
