using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Fathom;

/// <summary>The authorization request of RFC 6749, section 4.1.1: the address that the user's browser is sent to.</summary>
internal sealed class AuthorizationRequest(FathomOptions options)
{
    /// <summary>The part that is the same for all requests.</summary>
    private readonly string _url = QueryHelpers.AddQueryString(
        options.AuthorizeUrl.AbsoluteUri,
        new KeyValuePair<string, string?>[]
        {
            new(OAuth.ClientId, options.ClientId),
            new(OAuth.RedirectUri, options.RedirectUri),
            new(OAuth.ResponseType, OAuth.Code),
            new(OAuth.Scope, options.Scope),
        });

    /// <param name="codeVerifier">The proof key whose challenge goes along, or null for none.</param>
    public string Url(string state, string? codeVerifier)
    {
        var challenge = codeVerifier is null ? null : Pkce.Challenge(codeVerifier);
        return QueryHelpers.AddQueryString(
            _url,
            new KeyValuePair<string, string?>[]
            {
                new(OAuth.State, state),
                new(OAuth.CodeChallenge, challenge),
                new(OAuth.CodeChallengeMethod, challenge is null ? null : "S256"),
            });
    }
}
