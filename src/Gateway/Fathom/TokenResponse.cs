using System.Globalization;
using System.Text.Json;

namespace FathomGateway.Fathom;

/// <summary>Reads the body of a token response. Strict in what becomes a token, lenient in what does not matter.</summary>
internal static class TokenResponse
{
    /// <summary>Used where the provider does not say, or says nonsense: never "for ever".</summary>
    public static readonly TimeSpan FallbackLifetime = TimeSpan.FromHours(1);

    /// <summary>No access token is trusted to live longer.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    /// <summary>In characters; real ones are a few words.</summary>
    private const int LongestScope = 2048;

    private static readonly JsonDocumentOptions JsonRules = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The error codes of RFC 6749, section 5.2.</summary>
    private static readonly string[] RegisteredErrors =
        ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

    public static TokenResult Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(body), JsonRules);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new TokenResult.Malformed("not a JSON object", status);
            // Some providers report errors with status 200, so the member decides before the status does.
            if (Text(document.RootElement, OAuth.Error) is { } error) return new TokenResult.Refused(RegisteredErrors.Contains(error) ? error : "other", status);
            return status is >= 200 and < 300 ? ReadTokens(document.RootElement) : new TokenResult.Malformed("an error without a code", status);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8.
            return new TokenResult.Malformed("not JSON", status);
        }
    }

    private static TokenResult ReadTokens(JsonElement root)
    {
        if (Text(root, OAuth.AccessToken) is not { Length: > 0 } accessToken || !IsVisibleAscii(accessToken)) return Malformed("no usable access_token");
        if (Has(root, OAuth.TokenType) && !"Bearer".Equals(Text(root, OAuth.TokenType), StringComparison.OrdinalIgnoreCase)) return Malformed("a token_type other than Bearer");
        var refreshToken = Text(root, OAuth.RefreshToken);
        if (Has(root, OAuth.RefreshToken) && (refreshToken is null || !IsVisibleAscii(refreshToken))) return Malformed("an unusable refresh_token");
        // Providers send an empty one where they mean none.
        return new TokenResult.Granted(new TokenSet(accessToken, refreshToken is "" ? null : refreshToken, Scope(root), Lifetime(root)));
    }

    /// <summary>Only told to people, so one that RFC 6749, appendix A.4 does not allow is left out rather than a reason to lose the tokens.</summary>
    private static string? Scope(JsonElement root) =>
        Text(root, OAuth.Scope) is { Length: <= LongestScope } scope && !scope.AsSpan().ContainsAnyExceptInRange(' ', '~') ? scope : null;

    /// <summary>Seconds, as a number or as digits in a string, which several providers send.</summary>
    private static TimeSpan Lifetime(JsonElement root)
    {
        if (!root.TryGetProperty(OAuth.ExpiresIn, out var value)) return FallbackLifetime;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !(seconds >= 1)) return FallbackLifetime;
        return seconds >= LongestLifetime.TotalSeconds ? LongestLifetime : TimeSpan.FromSeconds(Math.Floor(seconds));
    }

    private static TokenResult.Malformed Malformed(string reason) => new(reason, StatusCodes.Status200OK);

    private static bool Has(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsVisibleAscii(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
