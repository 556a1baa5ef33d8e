using System.Net.Http.Headers;

namespace FathomGateway.Settings;

/// <summary>Parses the Retry-After field (RFC 9110, section 10.2.3) of a response: seconds or a date.</summary>
internal static class RetryAfterHeader
{
    /// <param name="headers">Fields of the response.</param>
    /// <param name="now">Used where the response has no Date field.</param>
    /// <returns>Null where the field is missing or invalid; may be negative.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (headers.Date ?? now),
        _ => null,
    };
}
