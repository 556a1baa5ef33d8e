using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>A user's connection to Fathom: one row. All times are the database's.</summary>
/// <param name="GrantId">Which consent the tokens come from: new with every connect, kept by refreshes.</param>
/// <param name="Version">Counts every change of the row's tokens, from 1.</param>
/// <param name="ConnectedAt">When the user last went through the provider's consent.</param>
/// <param name="IssuedAt">When the access token was issued: with <paramref name="ExpiresAt"/>, how long it lives in all.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
/// <param name="Reconnect">Why the user has to connect again; null while the connection can be used.</param>
internal sealed record Connection(
    UserId UserId,
    Guid GrantId,
    long Version,
    SealedToken AccessToken,
    SealedToken? RefreshToken,
    string? Scope,
    DateTimeOffset ConnectedAt,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    ReconnectRequired? Reconnect);
