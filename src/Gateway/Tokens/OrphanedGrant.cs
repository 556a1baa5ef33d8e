using FathomGateway.Fathom;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Ends at the provider what is wanted no more here. Best effort: nothing waits for it to succeed.</summary>
internal sealed class OrphanedGrant(FathomOptions options, RevocationClient revocation, TokenCipher cipher)
{
    /// <summary>Of tokens that were just issued, for a connection that is gone.</summary>
    public async Task<DisconnectResult> RevokeAsync(TokenSet tokens)
    {
        if (options.RevokeUrl is null) return DisconnectResult.Unsupported;
        return await RevokeAsync(tokens.RefreshToken, tokens.AccessToken) ? DisconnectResult.Revoked : DisconnectResult.NotRevoked;
    }

    /// <summary>Of a row that was deleted.</summary>
    public Task<DisconnectResult> RevokeAsync(Connection row) => RevokeAsync(row.UserId, row.AccessToken, row.RefreshToken);

    /// <summary>Of tokens that are, or were to be, stored for this user.</summary>
    public async Task<DisconnectResult> RevokeAsync(UserId userId, SealedToken sealedAccess, SealedToken? sealedRefresh)
    {
        if (options.RevokeUrl is null) return DisconnectResult.Unsupported;
        var refreshToken = sealedRefresh is { } refresh ? cipher.Open(refresh, userId, TokenColumn.RefreshToken) : null;
        return await RevokeAsync(refreshToken, cipher.Open(sealedAccess, userId, TokenColumn.AccessToken)) ? DisconnectResult.Revoked : DisconnectResult.NotRevoked;
    }

    /// <summary>The refresh token takes its access tokens with it (RFC 7009, section 2.1). What no key opens cannot be revoked.</summary>
    private async Task<bool> RevokeAsync(string? refreshToken, string? accessToken) =>
        refreshToken is not null ? await revocation.RevokeRefreshTokenAsync(refreshToken, CancellationToken.None)
        : accessToken is not null && await revocation.RevokeAccessTokenAsync(accessToken, CancellationToken.None);
}
