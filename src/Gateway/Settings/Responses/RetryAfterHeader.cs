using System.Globalization;
using System.Net.Http.Headers;

namespace FathomGateway.Settings.Responses;

/// <summary>The Retry-After field of a response (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <summary>The largest number of seconds that the framework parses. It stands for every larger number.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(int.MaxValue);

    private const string Name = "Retry-After";

    /// <summary>Sets the field to whole seconds, at least one.</summary>
    public static void Write(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Parses the field: seconds or a date. The caller bounds the result.</summary>
    /// <param name="headers">Fields of the response.</param>
    /// <param name="now">Used where the response has no Date field.</param>
    /// <returns>Null where the field is missing or invalid; may be negative.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (headers.Date ?? now),
        _ => IsHuge(headers) ? Longest : null,
    };

    /// <summary>Whether the field is a number that is too large for the framework, which ignores it.</summary>
    private static bool IsHuge(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(Name, out var values) && values.Count == 1
        && values.ToString() is { Length: >= 10 } digits && digits.All(char.IsAsciiDigit);
}
