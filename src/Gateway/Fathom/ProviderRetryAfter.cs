using System.Net.Http.Headers;
using FathomGateway.Settings.Responses;

namespace FathomGateway.Fathom;

/// <summary>
/// How long the provider asks the app to wait: its field Retry-After (RFC 9110, section 10.2.3) within bounds, or a fallback.
/// </summary>
internal static class ProviderRetryAfter
{
    /// <summary>The shortest wait. Without a wait, the next call would be answered with 429 again.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest wait. The provider counts over a minute, and one wrong field must not stop all refreshes for a day.
    /// </summary>
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    /// <summary>The wait where the field is absent or unreadable: the provider's window of a minute.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromSeconds(60);

    /// <param name="headers">Fields of the response.</param>
    /// <param name="now">Used where the response has no Date field.</param>
    public static TimeSpan Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = RetryAfterHeader.Read(headers, now) ?? Fallback;
        return wait < Min ? Min : wait > Max ? Max : wait;
    }
}
