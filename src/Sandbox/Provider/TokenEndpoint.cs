using FathomGateway.Sandbox.Hosting;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Sandbox.Provider;

/// <summary>The token endpoint (RFC 6749 §3.2): form in, JSON out, client authentication in the body (§2.3.1).</summary>
internal static class TokenEndpoint
{
    private const string FormMediaType = "application/x-www-form-urlencoded";

    /// <summary>Answers one token request.</summary>
    public static async Task<IResult> AnswerAsync(
        HttpContext context, ProviderSettings settings, AuthorizationCodes codes, Grants grants, CancellationToken cancellation)
    {
        // 1. Tokens are never cached, and neither are errors (§5.1).
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";

        // 2. The real Fathom answers JSON with 415, so this one does too.
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals(FormMediaType, StringComparison.OrdinalIgnoreCase))
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await context.Request.ReadFormAsync(cancellation);
        if (form.Any(field => field.Value.Count > 1))
            return TokenError.InvalidRequest.ToResult();

        // 3. Authenticate the client before reading the grant.
        if (form["client_id"] != settings.ClientId || !Secret.Equal(form["client_secret"], settings.ClientSecret))
            return TokenError.InvalidClient.ToResult();

        // 4. The grant.
        return (form["grant_type"].ToString(), form["code"].ToString(), form["refresh_token"].ToString()) switch
        {
            ("authorization_code", { Length: > 0 } code, _) => Tokens(codes.Exchange(code, form["redirect_uri"], form["code_verifier"])),
            ("refresh_token", _, { Length: > 0 } refreshToken) => Tokens(grants.Refresh(refreshToken)),
            ("authorization_code" or "refresh_token" or "", _, _) => TokenError.InvalidRequest.ToResult(),
            _ => TokenError.UnsupportedGrantType.ToResult(),
        };
    }

    private static IResult Tokens(IssuedTokens? tokens) => tokens is null ? TokenError.InvalidGrant.ToResult() : Results.Json(tokens);
}
