using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>The library's exceptions in our words.</summary>
internal static class JwtValidationError
{
    /// <returns>Null where the library has nothing against the token.</returns>
    public static JwtRefusal? Of(TokenValidationResult result) => result.IsValid ? null : result.Exception switch
    {
        SecurityTokenInvalidAlgorithmException => JwtRefusal.Algorithm,
        // Under no key that is known, and expired or of another issuer besides.
        SecurityTokenInvalidSignatureException => JwtRefusal.Signature,
        SecurityTokenNoExpirationException => JwtRefusal.NoExpiry,
        SecurityTokenExpiredException => JwtRefusal.Expired,
        SecurityTokenNotYetValidException => JwtRefusal.NotYetValid,
        SecurityTokenInvalidIssuerException => JwtRefusal.Issuer,
        SecurityTokenInvalidAudienceException => JwtRefusal.Audience,
        SecurityTokenInvalidTypeException => JwtRefusal.Type,
        _ => JwtRefusal.Malformed,
    };
}
