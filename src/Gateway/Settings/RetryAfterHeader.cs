using System.Net.Http.Headers;

namespace FathomGateway.Settings;

/// <summary>The field Retry-After (RFC 9110, section 10.2.3) of those whom the gateway calls: seconds, or a date.</summary>
internal static class RetryAfterHeader
{
    /// <param name="headers">Of the response.</param>
    /// <param name="now">Used where the response does not say by its server's own clock when it was made.</param>
    /// <returns>Null where the field is absent or cannot be read; may be negative.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (headers.Date ?? now),
        _ => null,
    };
}
