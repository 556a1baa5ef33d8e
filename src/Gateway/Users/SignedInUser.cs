using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>Tells who sent a request.</summary>
internal sealed class SignedInUser(UserIdClaim claim, TokenRules rules, UserVerification verification, IOptionsMonitor<JwtBearerOptions> options)
{
    /// <summary>The user of the request's bearer token (RFC 6750, section 2.1), or null where there is none to be believed.</summary>
    /// <exception cref="UserUnknownException">The keys to verify it with could not be fetched, or the backend not be asked, so nothing can be said.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result.Failure is not null) await EnsureKeysAsync(context.RequestAborted);
        if (result.Properties?.GetParameter<JsonWebToken>(UsersFeature.TokenParameter) is not { } token || !rules.Accept(token)) return null;
        if (claim.Find(token) is not { } userId) return null;
        return await verification.IsWelcomeAsync(context.Request.Headers.Authorization.ToString(), context.RequestAborted) ? userId : null;
    }

    /// <summary>Without keys the library calls every token wrongly signed. Whoever holds a good one must not be told to sign in again.</summary>
    private async Task EnsureKeysAsync(CancellationToken cancel)
    {
        if (options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is not { } keys) return;
        try
        {
            await keys.GetConfigurationAsync(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            throw new KeysUnavailableException(failure);
        }
    }
}
