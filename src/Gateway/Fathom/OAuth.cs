namespace FathomGateway.Fathom;

/// <summary>Names on the wire, as RFC 6749, RFC 7009 and RFC 7636 register them.</summary>
internal static class OAuth
{
    public const string AccessToken = "access_token";
    public const string AuthorizationCodeGrant = "authorization_code";
    public const string ClientId = "client_id";
    public const string ClientSecret = "client_secret";
    public const string Code = "code";
    public const string CodeChallenge = "code_challenge";
    public const string CodeChallengeMethod = "code_challenge_method";
    public const string CodeVerifier = "code_verifier";
    public const string Error = "error";
    public const string ErrorDescription = "error_description";
    public const string ExpiresAt = "expires_at";
    public const string ExpiresIn = "expires_in";
    public const string GrantType = "grant_type";
    public const string RedirectUri = "redirect_uri";
    public const string RefreshToken = "refresh_token";
    public const string RefreshTokenGrant = "refresh_token";
    public const string ResponseType = "response_type";
    public const string Scope = "scope";
    public const string State = "state";
    public const string Token = "token";
    public const string TokenType = "token_type";
    public const string TokenTypeHint = "token_type_hint";
}
