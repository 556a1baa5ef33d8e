namespace FathomGateway.Tokens;

/// <summary>What a refresh brings to the row.</summary>
/// <param name="RefreshToken">Null keeps the old one as it is (RFC 6749, section 6).</param>
/// <param name="Scope">Null keeps the old one (section 5.1: the scope is unchanged).</param>
/// <param name="Lifetime">How long the access token lives from the moment of the provider's answer.</param>
/// <param name="Age">How long ago that answer came; the database takes it off its own clock.</param>
internal sealed record RefreshedTokens(SealedToken AccessToken, SealedToken? RefreshToken, string? Scope, TimeSpan Lifetime, TimeSpan Age);
