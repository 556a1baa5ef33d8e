using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>What is made of a JWT.</summary>
/// <param name="Refusal">Null where it is believed.</param>
/// <param name="UserId">Whom it names, where it is believed.</param>
/// <param name="Token">The JWT, where it could be read.</param>
/// <param name="Detail">Words about the refusal: the name of an algorithm or of claims, never a value.</param>
internal sealed record JwtVerificationResult(JwtRefusal? Refusal, UserId UserId, JsonWebToken? Token, string? Detail = null)
{
    public static JwtVerificationResult Refused(JwtRefusal refusal, JsonWebToken? token = null, string? detail = null) =>
        new(refusal, default, token, detail);

    /// <summary>A record would print the JWT.</summary>
    public override string ToString() => Refusal?.ToString() ?? "believed";
}
