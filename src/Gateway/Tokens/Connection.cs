using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>A user's connection to Fathom: one row. All times are the database's.</summary>
/// <param name="GrantId">Which consent the tokens come from: new with every connect, kept by refreshes.</param>
/// <param name="Version">Counts every change of the row, from 1.</param>
/// <param name="ConnectedAt">When the user last went through the provider's consent.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
internal sealed record Connection(
    UserId UserId,
    Guid GrantId,
    long Version,
    SealedToken AccessToken,
    SealedToken? RefreshToken,
    string? Scope,
    DateTimeOffset ConnectedAt,
    DateTimeOffset ExpiresAt);
