using FathomGateway.Fathom;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Revokes tokens at the provider, best effort.</summary>
internal sealed class GrantRevocation(FathomOptions options, RevocationClient revocation, TokenCipher cipher)
{
    /// <summary>
    /// Revokes issued tokens of a user who has no row: nobody holds them. A row that is there may be of the same grant at the provider,
    /// which revoking would end, so tokens that lose to a row are left alone.
    /// </summary>
    public Task<DisconnectResult> RevokeAsync(IssuedTokens tokens) => RevokeAsync(tokens.UserId, tokens.AccessToken, tokens.RefreshToken);

    /// <summary>
    /// Revokes the tokens of a row that was deleted. The refresh token takes its access tokens with it (RFC 7009, section 2.1). What no key
    /// opens cannot be revoked.
    /// </summary>
    public async Task<DisconnectResult> RevokeAsync(UserId userId, SealedToken sealedAccess, SealedToken? sealedRefresh)
    {
        if (options.RevokeUrl is null) return DisconnectResult.Unsupported;
        var revoked = sealedRefresh is { } token && cipher.Open(token, userId, TokenColumn.RefreshToken) is { } refresh
            ? await revocation.RevokeRefreshTokenAsync(refresh, CancellationToken.None)
            : cipher.Open(sealedAccess, userId, TokenColumn.AccessToken) is { } access
                && await revocation.RevokeAccessTokenAsync(access, CancellationToken.None);
        return revoked ? DisconnectResult.Revoked : DisconnectResult.NotRevoked;
    }
}
