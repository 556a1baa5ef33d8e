using System.Security.Claims;

namespace FathomGateway.Users;

/// <summary>Finds the user id among the claims of a verified JWT.</summary>
/// <param name="names">Names of the claims that may carry it, the likeliest first.</param>
internal sealed class UserIdClaim(IReadOnlyList<string> names)
{
    /// <summary>
    /// The first claim that is there decides: if it is no text or whole number, or there are several of it, the token names nobody.
    /// Falling through to the next name would let two parts of the backend disagree on who is meant.
    /// </summary>
    public UserId? Find(ClaimsPrincipal user)
    {
        foreach (var name in names)
        {
            var claims = user.FindAll(name).Take(2).ToArray();
            if (claims.Length == 0) continue;
            return claims.Length == 1 && IsTextOrWholeNumber(claims[0]) && UserId.TryParse(claims[0].Value, out var userId) ? userId : null;
        }

        return null;
    }

    private static bool IsTextOrWholeNumber(Claim claim) => claim.ValueType switch
    {
        // Text that looks like a date is given this type by the token library; it is text all the same.
        ClaimValueTypes.String or ClaimValueTypes.DateTime => true,
        ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64 or ClaimValueTypes.UInteger64 => true,
        _ => false,
    };
}
