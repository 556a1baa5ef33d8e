using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Sandbox.Provider;

/// <summary>An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3). Its client and redirect URI are verified.</summary>
internal sealed record AuthorizationRequest(
    string RedirectUri, string? ResponseType, string? State, string? CodeChallenge, string? CodeChallengeMethod)
{
    /// <summary>The error to send back to the client (RFC 6749 §4.1.2.1), or null when there is none.</summary>
    public string? Error => (ResponseType, CodeChallenge, CodeChallengeMethod) switch
    {
        (null or "", _, _) => "invalid_request",
        (not "code", _, _) => "unsupported_response_type",
        // A challenge without a method would mean "plain" (RFC 7636 §4.3), which protects nothing.
        (_, not null, not "S256") or (_, null, not null) => "invalid_request",
        (_, { Length: not Pkce.ChallengeLength }, _) => "invalid_request",
        _ => null,
    };

    /// <summary>Reads the query; only called once client and redirect URI are verified.</summary>
    public static AuthorizationRequest From(IQueryCollection query) => new(
        query["redirect_uri"].Single()!, query["response_type"], query["state"], query["code_challenge"], query["code_challenge_method"]);

    /// <summary>
    /// Why this request must not be answered by a redirect: an address that was not registered may belong to an attacker (RFC 6749
    /// §4.1.2.1). Null when client and redirect URI are exactly the registered ones (RFC 9700 §2.1).
    /// </summary>
    public static string? FindRedirectFault(IQueryCollection query, ProviderSettings settings) =>
        query["client_id"] is not [var client] || client != settings.ClientId
            ? "The app that sent you here is not registered with us."
        : query["redirect_uri"] is not [var redirect] || redirect != settings.RedirectUri
            ? "The address the app wants you to return to is not the registered one."
        : null;

    /// <summary>The authorization response that carries a code (RFC 6749 §4.1.2).</summary>
    public string CodeUrl(string code) => Response("code", code);

    /// <summary>The authorization response that carries an error (RFC 6749 §4.1.2.1).</summary>
    public string ErrorUrl(string error) => Response("error", error);

    private string Response(string name, string value) => QueryHelpers.AddQueryString(RedirectUri, State is null
        ? new Dictionary<string, string?> { [name] = value }
        : new Dictionary<string, string?> { [name] = value, ["state"] = State });
}
