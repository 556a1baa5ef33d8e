using System.Globalization;

namespace FathomGateway.Sandbox.Provider;

/// <summary>How many calls of the API one account may make, reported in the <c>RateLimit-*</c> fields as the real Fathom does.</summary>
internal sealed class CallLimit(ProviderSettings settings, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Account, (DateTimeOffset Ends, int Calls)> _windows = [];

    /// <summary>Counts one call. Returns false, with <c>Retry-After</c>, where it exceeds the limit.</summary>
    public bool Take(Account account, IHeaderDictionary headers)
    {
        var now = clock.GetUtcNow();
        var (ends, calls) = Count(account, now);
        var seconds = Text((int)Math.Ceiling((ends - now).TotalSeconds));
        headers["RateLimit-Limit"] = Text(settings.ApiCalls);
        headers["RateLimit-Remaining"] = Text(Math.Max(0, settings.ApiCalls - calls));
        headers["RateLimit-Reset"] = seconds;
        if (calls <= settings.ApiCalls) return true;
        headers.RetryAfter = seconds;
        return false;
    }

    private (DateTimeOffset Ends, int Calls) Count(Account account, DateTimeOffset now)
    {
        lock (_lock)
        {
            var window = _windows.GetValueOrDefault(account);
            if (window.Ends <= now) window = (now + settings.ApiWindow, 0);
            return _windows[account] = window with { Calls = window.Calls + 1 };
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
