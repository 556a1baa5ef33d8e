using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>Tells who sent a request.</summary>
internal sealed class SignedInUser(UserIdClaim claim, IOptionsMonitor<JwtBearerOptions> options)
{
    /// <summary>The user of the request's bearer token (RFC 6750, section 2.1), or null where there is none to be believed.</summary>
    /// <exception cref="KeysUnavailableException">The keys to verify it with could not be fetched, so nothing can be said.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result.Failure is not null) await EnsureKeysAsync(context.RequestAborted);
        if (result.Properties?.GetParameter<JsonWebToken>(UsersFeature.TokenParameter) is not { } token || HasCriticalHeader(token)) return null;
        return claim.Find(token);
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

    /// <summary>RFC 7515, section 4.1.11: a token that lists extensions as critical must be refused by whoever does not know them; this verifier knows none.</summary>
    private static bool HasCriticalHeader(JsonWebToken token) => token.TryGetHeaderValue<object>("crit", out _);
}
