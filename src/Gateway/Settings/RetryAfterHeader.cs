using System.Globalization;
using System.Net.Http.Headers;

namespace FathomGateway.Settings;

/// <summary>The Retry-After field of a response (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <summary>Sets the field to whole seconds, at least one.</summary>
    public static void Write(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Parses the field: seconds or a date.</summary>
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
