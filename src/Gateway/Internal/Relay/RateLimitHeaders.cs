using System.Globalization;
using System.Net;
using FathomGateway.Settings;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// The fields <c>Retry-After</c> (RFC 9110, section 10.2.3), <c>RateLimit-Remaining</c> and <c>RateLimit-Reset</c> of an API's answer.
/// </summary>
internal static class RateLimitHeaders
{
    private const string RemainingName = "RateLimit-Remaining", ResetName = "RateLimit-Reset";

    /// <summary>Numbers above this are no seconds from now: some servers write the time itself, in seconds since 1970.</summary>
    private const long LongestDelta = 100_000_000;

    /// <returns>How long the next request should stay away; null where the answer asks for nothing, or does not say how long.</returns>
    public static TimeSpan? Wait(HttpResponseMessage answer, DateTimeOffset now)
    {
        var isRefused = answer.StatusCode == HttpStatusCode.TooManyRequests;
        if (!isRefused && Number(answer, RemainingName) != 0) return null;
        return (isRefused ? RetryAfterHeader.Read(answer.Headers, now) : null) ?? Reset(answer, now) ?? RetryAfterHeader.Read(answer.Headers, now);
    }

    private static TimeSpan? Reset(HttpResponseMessage answer, DateTimeOffset now) => Number(answer, ResetName) switch
    {
        null => null,
        > LongestDelta and { } time => DateTimeOffset.FromUnixTimeSeconds(Math.Min(time, uint.MaxValue)) - now,
        { } seconds => TimeSpan.FromSeconds(seconds),
    };

    private static long? Number(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
