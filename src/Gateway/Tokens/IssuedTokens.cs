using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Tokens that the provider has issued, encrypted, with all that is needed to store them.</summary>
/// <param name="GrantId">
/// For a connect a new id, so that a second store of the same tokens changes nothing; for a refresh the id in the row.
/// </param>
/// <param name="Version">The version of the row that was refreshed; 0 for a connect.</param>
/// <param name="RefreshToken">For a refresh, null keeps the old one (RFC 6749, section 6).</param>
/// <param name="Scope">For a refresh, null keeps the old one (RFC 6749, section 5.1).</param>
/// <param name="Lifetime">
/// How long the access token lives: for a connect from <paramref name="IssuedAt"/>, for a refresh from the answer.
/// </param>
/// <param name="IssuedAt">For a connect, the time right before the exchange, by the database's clock.</param>
/// <param name="Age">For a refresh, the time since the provider's answer. The database subtracts it from its own clock.</param>
internal sealed record IssuedTokens(
    UserId UserId, Guid GrantId, long Version, SealedToken AccessToken, SealedToken? RefreshToken, string? Scope, TimeSpan Lifetime,
    DateTimeOffset IssuedAt, TimeSpan Age)
{
    public bool IsConnect => Version == 0;

    public SqlParameters ToParameters() => new()
    {
        ["UserId"] = UserId,
        ["GrantId"] = GrantId,
        ["Version"] = Version,
        ["AccessToken"] = AccessToken,
        ["RefreshToken"] = RefreshToken,
        ["Scope"] = Scope,
        ["Lifetime"] = Lifetime,
        ["IssuedAt"] = IssuedAt,
        ["Age"] = Age,
    };
}
