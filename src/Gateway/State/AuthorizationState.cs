using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// The record of a state or of a confirmation handle. It is stored from the authorization request to its response, and again while a code
/// is parked.
/// </summary>
/// <param name="UserId">The user who began the flow. The tokens are stored for this user and no other.</param>
/// <param name="CodeVerifier">
/// RFC 7636, section 4.1; null where the provider takes no PKCE. It is never in the state, which passes through the browser.
/// </param>
internal sealed record AuthorizationState(UserId UserId, string? CodeVerifier)
{
    /// <summary>Hash of the cookie that binds the flow to the browser; null where <c>LINK_BINDING</c> asks for none.</summary>
    public string? Binder { get; init; }

    /// <summary>Digest of the network from which the flow was begun.</summary>
    public string? Network { get; init; }

    /// <summary>Digest of the field User-Agent with which the flow was begun.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The encrypted authorization code; null unless it is parked.</summary>
    public string? ParkedCode { get; init; }

    /// <summary>The generated text of a record would print the verifier.</summary>
    public override string ToString() => nameof(AuthorizationState);
}
