using System.Globalization;
using System.Net;
using FathomGateway.Settings.Responses;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// The fields <c>Retry-After</c> (RFC 9110, section 10.2.3), <c>RateLimit-Remaining</c> and <c>RateLimit-Reset</c> of the API's response.
/// </summary>
internal static class RateLimitHeaders
{
    private const string RemainingName = "RateLimit-Remaining", ResetName = "RateLimit-Reset";

    /// <summary>A larger number is no delay: some servers send the time itself, in seconds since 1970.</summary>
    private const long MaxDeltaSeconds = 100_000_000;

    /// <returns>How long to wait before the next request: zero where requests are left; null where the response does not say.</returns>
    public static TimeSpan? Wait(HttpResponseMessage answer, DateTimeOffset now)
    {
        var isRefused = answer.StatusCode == HttpStatusCode.TooManyRequests;
        if (!isRefused && Number(answer, RemainingName) is not 0 and var left) return left is null ? null : TimeSpan.Zero;
        var retryAfter = RetryAfterHeader.Read(answer.Headers, now);
        return isRefused ? retryAfter ?? Reset(answer, now) : Reset(answer, now) ?? retryAfter;
    }

    private static TimeSpan? Reset(HttpResponseMessage answer, DateTimeOffset now) => Number(answer, ResetName) switch
    {
        null => null,
        > MaxDeltaSeconds and { } time => DateTimeOffset.FromUnixTimeSeconds(Math.Min(time, uint.MaxValue)) - now,
        { } seconds => TimeSpan.FromSeconds(seconds),
    };

    private static long? Number(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
