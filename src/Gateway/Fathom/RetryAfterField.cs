using System.Net.Http.Headers;
using FathomGateway.Settings;

namespace FathomGateway.Fathom;

/// <summary>The field Retry-After (RFC 9110, section 10.2.3): seconds, or a date.</summary>
internal static class RetryAfterField
{
    /// <summary>A pause of nothing would be answered by the next 429.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    /// <summary>The provider counts over a minute. A longer value is cut: one wrong field must not stop all refreshes for a day.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    /// <summary>Used where the field is absent or unreadable: the provider's window of a minute has passed then.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromSeconds(60);

    private const string Name = "Retry-After";

    /// <param name="headers">Of the response.</param>
    /// <param name="now">Used where the response does not say by the provider's own clock when it was made.</param>
    public static TimeSpan Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = RetryAfterHeader.Read(headers, now) ?? (IsHuge(headers) ? Max : Fallback);
        return wait < Min ? Min : wait > Max ? Max : wait;
    }

    /// <summary>Digits that no number holds are not parsed by the framework, and mean "very long" all the same.</summary>
    private static bool IsHuge(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(Name, out var values) && values.Count == 1
        && values.ToString() is { Length: >= 10 } digits && digits.All(char.IsAsciiDigit);
}
