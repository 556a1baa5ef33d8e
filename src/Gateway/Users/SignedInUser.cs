using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Tells who sent a request.</summary>
internal sealed class SignedInUser(UserIdClaim claim, TokenRules rules, UserVerification verification, FetchedKeys keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>The user of the request's bearer token (RFC 6750, section 2.1), or null where there is none to be believed.</summary>
    /// <exception cref="UserUnknownException">The keys to verify it with could not be fetched, or the backend not be asked, so nothing can be said.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (await VerifiedAsync(context, authorization) is not { } token || !rules.Accept(token)) return null;
        if (claim.Find(token) is not { } userId) return null;
        return await verification.IsWelcomeAsync(authorization, context.RequestAborted) ? userId : null;
    }

    private async Task<JsonWebToken?> VerifiedAsync(HttpContext context, string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var known = await keys.CurrentAsync(context.RequestAborted);
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result.Failure is SecurityTokenSignatureKeyNotFoundException && known is not null)
        {
            return await keys.VerifyAgainAsync(authorization[Scheme.Length..].Trim(), known, context.RequestAborted);
        }

        return result.Properties?.GetParameter<JsonWebToken>(UsersFeature.TokenParameter);
    }
}
