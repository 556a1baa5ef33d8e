namespace FathomGateway.Sandbox.Provider;

/// <summary>A successful token response (RFC 6749 §5.1); the names go over the wire in snake_case, <c>expires_in</c> in seconds.</summary>
internal sealed record IssuedTokens(string AccessToken, int ExpiresIn, string RefreshToken, string TokenType = "Bearer");
