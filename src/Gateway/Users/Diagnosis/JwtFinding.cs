namespace FathomGateway.Users.Diagnosis;

/// <summary>What is told about a JWT; nothing of the JWT itself but the user that it names.</summary>
/// <param name="UserId">Null where it is not believed.</param>
/// <param name="Algorithm">By which it is signed, where that could be read and is known.</param>
/// <param name="Reason">A word, or null where it is believed.</param>
/// <param name="Detail">Sentences that name the remedy.</param>
internal sealed record JwtFinding(string? UserId, string? Algorithm, string? Reason, string Detail);
