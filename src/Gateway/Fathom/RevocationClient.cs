namespace FathomGateway.Fathom;

/// <summary>Calls the revocation endpoint (RFC 7009), where the provider has one: see <see cref="FathomOptions.RevokeUrl"/>.</summary>
internal sealed class RevocationClient(ClientForm form, FathomOptions options)
{
    /// <summary>Revokes a refresh token, and with it the access tokens of the same grant (section 2.1). The request is sent once.</summary>
    /// <inheritdoc cref="RevokeAsync" path="/returns|/exception"/>
    public Task<bool> RevokeRefreshTokenAsync(string refreshToken, CancellationToken cancel) =>
        RevokeAsync(refreshToken, OAuth.RefreshToken, cancel);

    /// <summary>Revokes an access token of a grant without refresh token. The request is sent once.</summary>
    /// <inheritdoc cref="RevokeAsync" path="/returns|/exception"/>
    public Task<bool> RevokeAccessTokenAsync(string accessToken, CancellationToken cancel) =>
        RevokeAsync(accessToken, OAuth.AccessToken, cancel);

    /// <returns>
    /// True if the provider answers with status 200, which it also does for an unknown token (section 2.2). False for any other answer, and
    /// for none.
    /// </returns>
    /// <exception cref="InvalidOperationException">The provider has no revocation endpoint.</exception>
    private async Task<bool> RevokeAsync(string token, string hint, CancellationToken cancel)
    {
        var endpoint = options.RevokeUrl ?? throw new InvalidOperationException("The provider has no revocation endpoint.");
        var result = await form.SendAsync(endpoint, [new(OAuth.Token, token), new(OAuth.TokenTypeHint, hint)], cancel);
        return result is FormResult.Answered { Status: StatusCodes.Status200OK };
    }
}
