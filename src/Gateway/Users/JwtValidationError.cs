using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Maps the library's exceptions to <see cref="JwtRefusal"/>.</summary>
internal static class JwtValidationError
{
    /// <returns>Null where the library accepts the token.</returns>
    public static JwtRefusal? Of(TokenValidationResult result) => result.IsValid ? null : result.Exception switch
    {
        SecurityTokenInvalidAlgorithmException => JwtRefusal.Algorithm,
        // No known key verifies it; it may also be expired or of another issuer.
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
