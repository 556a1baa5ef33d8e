using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>Tells who sent a request.</summary>
internal sealed class SignedInUser(UserIdClaim claim)
{
    /// <summary>The user of the request's bearer token (RFC 6750, section 2.1), or null where there is none to be believed.</summary>
    /// <exception cref="KeysUnavailableException">The keys to verify it with could not be fetched, so nothing can be said.</exception>
    public async Task<UserId?> FindAsync(HttpContext context)
    {
        AuthenticateResult result;
        try
        {
            result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            throw new KeysUnavailableException(failure);
        }

        if (!result.Succeeded || HasCriticalHeader(result)) return null;
        return claim.Find(result.Principal);
    }

    /// <summary>RFC 7515, section 4.1.11: a token that lists extensions as critical must be refused by whoever does not know them; this verifier knows none.</summary>
    private static bool HasCriticalHeader(AuthenticateResult result) =>
        result.Properties?.GetParameter<JsonWebToken>(UsersFeature.TokenParameter)?.TryGetHeaderValue<object>("crit", out _) ?? true;
}
