namespace FathomGateway.Users.Diagnosis;

/// <summary>The result of the diagnosis of a JWT. Of the JWT it holds only the user id.</summary>
/// <param name="UserId">Null where the JWT is refused.</param>
/// <param name="Algorithm">The signature algorithm, where it is readable and known.</param>
/// <param name="Reason">A fixed word; null where the JWT is accepted.</param>
/// <param name="Detail">Sentences that include the remedy.</param>
internal sealed record JwtFinding(string? UserId, string? Algorithm, string? Reason, string Detail);
