namespace FathomGateway.Fathom;

/// <summary>Speaks to the revocation endpoint (RFC 7009), where the provider has one: see <see cref="FathomOptions.RevokeUrl"/>.</summary>
internal sealed class RevocationClient(ClientForm form, FathomOptions options)
{
    /// <summary>Revokes a refresh token, and with it the access tokens of the same grant (section 2.1). Sent once.</summary>
    /// <inheritdoc cref="RevokeAsync" path="/returns|/exception"/>
    public Task<bool> RevokeRefreshTokenAsync(string refreshToken, CancellationToken cancel) => RevokeAsync(refreshToken, OAuth.RefreshToken, cancel);

    /// <summary>Revokes an access token, for grants that have no refresh token. Sent once.</summary>
    /// <inheritdoc cref="RevokeAsync" path="/returns|/exception"/>
    public Task<bool> RevokeAccessTokenAsync(string accessToken, CancellationToken cancel) => RevokeAsync(accessToken, OAuth.AccessToken, cancel);

    /// <returns>
    /// Whether the provider says that the token is valid no more: status 200, which it also gives for a token it does not know (section 2.2).
    /// Anything else, silence included, is a no; nothing is thrown for it.
    /// </returns>
    /// <exception cref="InvalidOperationException">The provider has no revocation endpoint.</exception>
    private async Task<bool> RevokeAsync(string token, string hint, CancellationToken cancel)
    {
        var endpoint = options.RevokeUrl ?? throw new InvalidOperationException("The provider has no revocation endpoint: ask FathomOptions.RevokeUrl first.");
        var result = await form.SendAsync(endpoint, [new(OAuth.Token, token), new(OAuth.TokenTypeHint, hint)], cancel);
        return result is FormResult.Answered { Status: StatusCodes.Status200OK };
    }
}
