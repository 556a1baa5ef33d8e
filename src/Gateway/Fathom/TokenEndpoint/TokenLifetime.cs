using System.Globalization;
using System.Text.Json;

namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>Reads the lifetime of an access token from the token response.</summary>
internal static class TokenLifetime
{
    /// <summary>Used where the response has no lifetime, or an invalid one.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromHours(1);

    /// <summary>The longest lifetime that is accepted. A longer one is shortened to it, so that every expiry is a valid date.</summary>
    private static readonly TimeSpan Max = TimeSpan.FromDays(365);

    /// <summary>A larger number is in milliseconds: in seconds it would be after the year 5138.</summary>
    private const double LatestInSeconds = 100_000_000_000;

    /// <summary>
    /// Reads <c>expires_in</c> (RFC 6749, section 5.1), or <c>expires_at</c>, which some providers send in its place: seconds or
    /// milliseconds since 1970, or a date and time as text.
    /// </summary>
    /// <param name="at">Time of the answer: its Date field, or where it has none, this machine's clock.</param>
    public static TimeSpan Read(JsonElement root, DateTimeOffset at) => In(root) ?? Until(root, at) ?? Fallback;

    private static TimeSpan? In(JsonElement root) =>
        Number(Text(root, OAuth.ExpiresIn)) is { } seconds ? Bounded(seconds) : null;

    private static TimeSpan? Until(JsonElement root, DateTimeOffset at)
    {
        var text = Text(root, OAuth.ExpiresAt);
        if (Number(text) is { } moment)
        {
            return Bounded((moment >= LatestInSeconds ? moment / 1000 : moment) - (at.ToUnixTimeMilliseconds() / 1000d));
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var end) ? Bounded((end - at).TotalSeconds) : null;
    }

    /// <returns>Null for a time that has passed, because a new token has not expired.</returns>
    private static TimeSpan? Bounded(double seconds) => seconds switch
    {
        >= 1 when seconds < Max.TotalSeconds => TimeSpan.FromSeconds(Math.Floor(seconds)),
        >= 1 => Max,
        _ => null,
    };

    /// <summary>Seconds come as a number, or as digits in a string.</summary>
    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(JsonElement root, string name) => !root.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
