using FathomGateway.Fathom;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Revokes tokens at the provider. A failed revocation is not repeated.</summary>
internal sealed class GrantRevocation(FathomOptions options, RevocationClient revocation, TokenCipher cipher)
{
    /// <summary>
    /// Revokes issued tokens of a user who has no row. Tokens of a user with a row are not revoked: both may belong to one grant at the
    /// provider, and the revocation would end that grant.
    /// </summary>
    public Task<DisconnectResult> RevokeAsync(IssuedTokens tokens) => RevokeAsync(tokens.UserId, tokens.AccessToken, tokens.RefreshToken);

    /// <summary>
    /// Revokes the tokens of a deleted row. The revocation of a refresh token also ends its access tokens (RFC 7009, section 2.1). A token
    /// that no key opens cannot be revoked.
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
