using System.Text.Json;

namespace FathomGateway.Fathom.Doctor;

/// <summary>
/// An error response of a token endpoint (RFC 6749, section 5.2), as far as it tells what is wrong with the settings.
/// </summary>
/// <param name="Code">As the provider wrote it. It is only compared.</param>
/// <param name="IsOfRedirectUri">Whether the provider refuses the redirect URI.</param>
internal sealed record TokenError(string Code, bool IsOfRedirectUri)
{
    /// <summary>See <see cref="FormOf"/>.</summary>
    public const string OtherJson = "JSON without an error code of OAuth";

    /// <summary>Codes of some providers that RFC 6749 does not have.</summary>
    private static readonly string[] RedirectUriCodes =
        ["redirect_uri_mismatch", "invalid_redirect_uri", "mismatching_redirect_uri", "invalid_redirect", "bad_redirect_uri"];

    /// <summary>
    /// A description that also has one of these words lists all reasons for <c>invalid_grant</c>, and does not blame the redirect URI.
    /// </summary>
    private static readonly string[] OtherReasons = ["expired", "revoked", " or "];

    /// <returns>Null where the body is no such response.</returns>
    public static TokenError? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (Text(document.RootElement, OAuth.Error) is not { } code) return null;
            var description = Text(document.RootElement, OAuth.ErrorDescription) ?? "";
            return new TokenError(code, RedirectUriCodes.Contains(code) || BlamesRedirectUri(description));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Describes the form of a body in fixed words.</summary>
    public static string FormOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return OtherJson;
        }
        catch (JsonException)
        {
            var text = body.Span.Trim("\uFEFF \t\r\n"u8);
            return text.IsEmpty ? "no body" : text[0] == '<' ? "a page of HTML" : "not JSON";
        }
    }

    private static bool BlamesRedirectUri(string description) =>
        description.Contains("redirect", StringComparison.OrdinalIgnoreCase)
        && !OtherReasons.Any(reason => description.Contains(reason, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
