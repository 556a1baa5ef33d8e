using System.Globalization;
using FathomGateway.Sandbox.Frontend;

namespace FathomGateway.Sandbox.Show;

/// <summary>A stored connection for display: of a token only the beginning of its ciphertext.</summary>
internal sealed record ShownRow(
    string User, string Grant, string Version, string Status, DateTimeOffset Expires, string AccessToken, string RefreshToken)
{
    /// <summary>The row of these columns, or null while there is none.</summary>
    public static ShownRow? Of(IReadOnlyList<StoredColumn> columns)
    {
        if (columns.Count == 0) return null;
        var values = columns.ToDictionary(column => column.Name, column => column.Value);
        return new ShownRow(
            values["user_id"]!,
            values["grant_id"]!,
            values["version"]!,
            values["reconnect_reason"] is null ? "connected" : "reconnect_required",
            Moment(values["expires_at"]!),
            Hidden(values["access_token"]),
            Hidden(values["refresh_token"]));
    }

    /// <summary><c>v1:kid:••••••••</c>: the form of the ciphertext, and the id of its key.</summary>
    private static string Hidden(string? token) => token?.Split(':') switch
    {
        null => "none",
        [var form, var kid, _] => $"{form}:{kid}:{WaitingState.Hidden}",
        _ => WaitingState.Hidden,
    };

    /// <summary>SQLite keeps milliseconds since 1970.</summary>
    private static DateTimeOffset Moment(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
