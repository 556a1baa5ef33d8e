using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Revokes tokens at the provider, best effort.</summary>
internal sealed class GrantRevocation(FathomOptions options, RevocationClient revocation, TokenCipher cipher)
{
    /// <summary>Revokes tokens that were just issued, for a connection that is gone.</summary>
    public Task<DisconnectResult> RevokeAsync(TokenSet tokens) => RevokeAsync(tokens.RefreshToken, tokens.AccessToken);

    /// <summary>Revokes tokens of a row that was deleted, or that were to be stored.</summary>
    public Task<DisconnectResult> RevokeAsync(UserId userId, SealedToken sealedAccess, SealedToken? sealedRefresh) => RevokeAsync(
        sealedRefresh is { } refresh ? cipher.Open(refresh, userId, TokenColumn.RefreshToken) : null,
        cipher.Open(sealedAccess, userId, TokenColumn.AccessToken));

    /// <summary>The refresh token takes its access tokens with it (RFC 7009, section 2.1). What no key opens cannot be revoked.</summary>
    private async Task<DisconnectResult> RevokeAsync(string? refreshToken, string? accessToken)
    {
        if (options.RevokeUrl is null) return DisconnectResult.Unsupported;
        var revoked = refreshToken is not null ? await revocation.RevokeRefreshTokenAsync(refreshToken, CancellationToken.None)
            : accessToken is not null && await revocation.RevokeAccessTokenAsync(accessToken, CancellationToken.None);
        return revoked ? DisconnectResult.Revoked : DisconnectResult.NotRevoked;
    }
}
