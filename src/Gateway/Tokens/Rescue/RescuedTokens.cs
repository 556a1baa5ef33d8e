using FathomGateway.Users;

namespace FathomGateway.Tokens.Rescue;

/// <summary>Tokens that were issued and could not be stored, with all that is needed to store them later.</summary>
/// <param name="GrantId">The grant that they are, or that they were refreshed for.</param>
/// <param name="Version">The version of the row that a refresh began from; 0 for a connect, which begins from none.</param>
/// <param name="RefreshToken">For a refresh, null keeps the old one.</param>
/// <param name="IssuedAt">For a connect, when the provider answered, by the database's clock.</param>
/// <param name="Age">How long ago the provider answered.</param>
internal sealed record RescuedTokens(
    UserId UserId, Guid GrantId, long Version, SealedToken AccessToken, SealedToken? RefreshToken, string? Scope, TimeSpan Lifetime, DateTimeOffset IssuedAt, TimeSpan Age)
{
    public bool IsConnect => Version == 0;

    public static RescuedTokens Of(NewConnection connection, DateTimeOffset issuedAt, TimeSpan age) => new(
        connection.UserId, connection.GrantId, 0, connection.AccessToken, connection.RefreshToken, connection.Scope, connection.Lifetime, issuedAt, age);

    /// <summary>What they may replace.</summary>
    public RefreshFence Fence => new(UserId, GrantId, Version);

    public static RescuedTokens Of(RefreshFence fence, RefreshedTokens tokens) => new(
        fence.UserId, fence.GrantId, fence.Version, tokens.AccessToken, tokens.RefreshToken, tokens.Scope, tokens.Lifetime, DateTimeOffset.UnixEpoch, tokens.Age);

    public NewConnection ToConnection() => new(UserId, GrantId, AccessToken, RefreshToken, Scope, Lifetime);

    public RefreshedTokens ToRefreshed() => new(AccessToken, RefreshToken, Scope, Lifetime, Age);
}

/// <summary>What lies under a key in Redis.</summary>
/// <param name="Text">As it was read, to be deleted only as long as it is that; null where nothing lies there any more.</param>
/// <param name="Tokens">Null where nothing lies there, or no key of the ring opens it.</param>
internal sealed record RescueEntry(string Key, string? Text, RescuedTokens? Tokens);
