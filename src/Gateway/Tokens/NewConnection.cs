using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>What a connect stores.</summary>
/// <param name="GrantId">Made by the caller, so that a store whose answer was lost can be repeated and changes nothing.</param>
/// <param name="Lifetime">How long the access token lives; the database adds it to its own clock.</param>
internal sealed record NewConnection(
    UserId UserId,
    Guid GrantId,
    SealedToken AccessToken,
    SealedToken? RefreshToken,
    string? Scope,
    TimeSpan Lifetime);
