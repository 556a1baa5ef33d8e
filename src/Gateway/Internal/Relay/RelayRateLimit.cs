using System.Collections.Concurrent;
using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Users;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// Until when the API asks one user's calls to stay away, as its answers say. Further calls of that user wait for it here, as long as
/// RELAY_MAX_WAIT at most; what takes longer is passed on, and the API says so itself.
/// </summary>
internal sealed class RelayRateLimit(TimeSpan mostWait, TimeProvider clock)
{
    public const string VariableName = "RELAY_MAX_WAIT";

    /// <summary>Seconds. Shorter than the patience of HTTP clients, and long enough for the end of most windows.</summary>
    private const int DefaultSeconds = 5;

    /// <summary>Longer than this a caller's own limits, or a proxy's, end the call first.</summary>
    private const int MostSeconds = 60;

    /// <summary>Users that are remembered: a megabyte. Beyond it, further ones are told by the API itself.</summary>
    private const int MostUsers = 10_000;

    /// <summary>What is noted at most. The API's window is a minute; one odd field must not hold a user's calls back for a day.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<UserId, DateTimeOffset> _until = [];

    /// <summary>RELAY_MAX_WAIT.</summary>
    public static TimeSpan ReadMostWait(SettingsReader settings)
    {
        var fallback = DefaultSeconds.ToString(CultureInfo.InvariantCulture);
        var text = settings.Optional(VariableName, fallback);
        var isRead = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        if (!isRead || seconds > MostSeconds)
        {
            settings.Fault(VariableName, $"is no number of seconds: write a whole number from 0 (nothing waits) to {MostSeconds}.");
        }

        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Takes down what an answer says of its user's limit: 429, or no request that is left in the window.</summary>
    public void Note(UserId userId, HttpResponseMessage answer)
    {
        if (mostWait == TimeSpan.Zero || RateLimitHeaders.Wait(answer, clock.GetUtcNow()) is not { } wait || wait <= TimeSpan.Zero) return;
        var now = clock.GetUtcNow();
        if (_until.Count >= MostUsers && !_until.ContainsKey(userId))
        {
            foreach (var over in _until.Where(one => one.Value <= now)) _until.TryRemove(over);
            if (_until.Count >= MostUsers) return;
        }

        var until = now + (wait < Longest ? wait : Longest);
        _until.AddOrUpdate(userId, until, (_, before) => before > until ? before : until);
    }

    /// <summary>Waits for the user's limit, where it is over within RELAY_MAX_WAIT; else returns at once.</summary>
    public async Task WaitAsync(UserId userId, CancellationToken cancel)
    {
        var left = mostWait;
        while (_until.TryGetValue(userId, out var until))
        {
            var wait = until - clock.GetUtcNow();
            if (wait <= TimeSpan.Zero) _until.TryRemove(KeyValuePair.Create(userId, until));
            if (wait <= TimeSpan.Zero || wait > left) return;
            await Task.Delay(wait, clock, cancel);
            // Who was let go before may have met the limit again meanwhile.
            left -= wait;
        }
    }
}
