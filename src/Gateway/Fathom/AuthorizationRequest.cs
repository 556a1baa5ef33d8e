using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Fathom;

/// <summary>The authorization request of RFC 6749, section 4.1.1: the address that the user's browser is sent to.</summary>
internal static class AuthorizationRequest
{
    /// <param name="codeVerifier">The proof key whose challenge goes along, or null for none.</param>
    public static string Url(FathomOptions options, string state, string? codeVerifier)
    {
        var parameters = new List<KeyValuePair<string, string?>>
        {
            new(OAuth.ClientId, options.ClientId),
            new(OAuth.RedirectUri, options.RedirectUri),
            new(OAuth.ResponseType, OAuth.Code),
            new(OAuth.State, state),
        };
        if (options.Scope is not null) parameters.Add(new(OAuth.Scope, options.Scope));
        if (codeVerifier is not null)
        {
            parameters.Add(new(OAuth.CodeChallenge, Pkce.Challenge(codeVerifier)));
            parameters.Add(new(OAuth.CodeChallengeMethod, "S256"));
        }

        return QueryHelpers.AddQueryString(options.AuthorizeUrl.AbsoluteUri, parameters);
    }
}
