using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>What is remembered between the authorization request and its response, and again while a code is parked: the record that a state or a handle names.</summary>
/// <param name="UserId">Who began the flow; the tokens are stored for this user and no other.</param>
/// <param name="CodeVerifier">RFC 7636, section 4.1; null where the provider takes no PKCE. Kept here and never in the state, which passes through the browser.</param>
internal sealed record AuthorizationState(UserId UserId, string? CodeVerifier)
{
    /// <summary>Hash of the binder cookie of the browser that began; null where none is asked for.</summary>
    public string? Binder { get; init; }

    /// <summary>Digest of the network that the flow was begun from.</summary>
    public string? Network { get; init; }

    /// <summary>Digest of the User-Agent field that it was begun with.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The authorization code, sealed; only while it is parked.</summary>
    public string? ParkedCode { get; init; }

    /// <summary>A record's own text would print the verifier.</summary>
    public override string ToString() => nameof(AuthorizationState);
}
