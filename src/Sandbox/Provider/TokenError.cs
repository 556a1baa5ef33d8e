namespace FathomGateway.Sandbox.Provider;

/// <summary>An error response of the token endpoint (RFC 6749 §5.2).</summary>
internal sealed record TokenError(string Error, string ErrorDescription, int Status = StatusCodes.Status400BadRequest)
{
    /// <summary>The client is unknown, or its secret is wrong or missing.</summary>
    public static readonly TokenError InvalidClient =
        new("invalid_client", "client_id and client_secret must be sent in the form body and be right.", StatusCodes.Status401Unauthorized);

    /// <summary>The code or refresh token cannot be used. The response does not say why.</summary>
    public static readonly TokenError InvalidGrant =
        new("invalid_grant", "The code or refresh token is unknown, expired, spent or revoked.");

    /// <summary>A parameter is missing or sent twice (RFC 6749 §3.2).</summary>
    public static readonly TokenError InvalidRequest = new("invalid_request", "A parameter is missing or sent more than once.");

    /// <summary>Neither <c>authorization_code</c> nor <c>refresh_token</c>.</summary>
    public static readonly TokenError UnsupportedGrantType = new("unsupported_grant_type", "Use authorization_code or refresh_token.");

    /// <summary>The response: status and JSON.</summary>
    public IResult ToResult() => Results.Json(new { Error, ErrorDescription }, statusCode: Status);
}
