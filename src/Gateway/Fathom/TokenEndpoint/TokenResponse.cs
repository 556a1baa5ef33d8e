using System.Text.Json;

namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>Reads the body of a token response. It is strict about the tokens, and lenient about the other members.</summary>
internal static class TokenResponse
{
    /// <summary>In characters. Scopes of providers are a few words.</summary>
    private const int MaxScopeLength = 2048;

    private static readonly JsonDocumentOptions JsonRules = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The error codes of RFC 6749, section 5.2.</summary>
    private static readonly string[] RegisteredErrors =
        ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

    /// <param name="at">Time of the answer: its Date field, or where it has none, this machine's clock.</param>
    public static TokenResult Read(int status, ReadOnlyMemory<byte> body, DateTimeOffset at)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(body), JsonRules);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new TokenResult.Malformed("not a JSON object", status);
            // Some providers report errors with status 200, so the member is checked before the status.
            if (Text(document.RootElement, OAuth.Error) is { Length: > 0 } error)
            {
                return new TokenResult.Refused(RegisteredErrors.Contains(error) ? error : "other", status);
            }

            return status is >= 200 and < 300
                ? ReadTokens(document.RootElement, at)
                : new TokenResult.Malformed("an error without a code", status);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8.
            return new TokenResult.Malformed("not JSON", status);
        }
    }

    private static TokenResult ReadTokens(JsonElement root, DateTimeOffset at)
    {
        var accessToken = Token(root, OAuth.AccessToken);
        if (string.IsNullOrEmpty(accessToken) || !IsVisibleAscii(accessToken)) return Malformed("no usable access_token");
        if (Has(root, OAuth.TokenType) && !IsBearer(Text(root, OAuth.TokenType))) return Malformed("a token_type other than Bearer");
        var refreshToken = Token(root, OAuth.RefreshToken);
        if (Has(root, OAuth.RefreshToken) && (refreshToken is null || !IsVisibleAscii(refreshToken)))
        {
            return Malformed("an unusable refresh_token");
        }

        var lifetime = TokenLifetime.Read(root, at);
        // Some providers send an empty refresh token where they mean none.
        return new TokenResult.Granted(new TokenSet(accessToken, refreshToken is "" ? null : refreshToken, Scope(root), lifetime));
    }

    /// <summary>Blanks around a token are removed, because a header field cannot carry them (RFC 9110, section 5.5).</summary>
    private static string? Token(JsonElement root, string name) => Text(root, name)?.Trim(' ', '\t');

    /// <summary>
    /// Whether the token type is Bearer. Providers write <c>bearer</c>, <c>BearerToken</c> or <c>Bearer Token</c>, or leave the value
    /// empty. A client must not use a token of a type that it does not know (RFC 6749, section 7.1).
    /// </summary>
    private static bool IsBearer(string? type) =>
        type is not null && new string([.. type.Where(char.IsLetterOrDigit)]).ToUpperInvariant() is "" or "BEARER" or "BEARERTOKEN";

    /// <summary>
    /// The scope is only displayed. A scope that RFC 6749, appendix A.4 does not allow is ignored, and the tokens are used.
    /// </summary>
    private static string? Scope(JsonElement root) =>
        Text(root, OAuth.Scope) is { Length: <= MaxScopeLength } scope && !scope.AsSpan().ContainsAnyExceptInRange(' ', '~') ? scope : null;

    private static TokenResult.Malformed Malformed(string reason) => new(reason, StatusCodes.Status200OK);

    private static bool Has(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsVisibleAscii(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
