using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>The result of the verification of a JWT: its user, or why it is refused.</summary>
/// <param name="Refusal">Null where the JWT is accepted.</param>
/// <param name="UserId">The user, where the JWT is accepted.</param>
/// <param name="Token">The parsed JWT, where it could be parsed.</param>
/// <param name="Detail">Details of the refusal: the name of an algorithm or of claims, never a value.</param>
internal sealed record JwtVerificationResult(JwtRefusal? Refusal, UserId UserId, JsonWebToken? Token, string? Detail = null)
{
    public static JwtVerificationResult Refused(JwtRefusal refusal, JsonWebToken? token = null, string? detail = null) =>
        new(refusal, default, token, detail);

    /// <summary>Keeps the JWT out of logs, which a record's own text would print.</summary>
    public override string ToString() => Refusal?.ToString() ?? "accepted";
}
