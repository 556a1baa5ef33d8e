using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>What is remembered between the authorization request and its response: the record that a state names.</summary>
/// <param name="UserId">Who began the flow; the tokens are stored for this user and no other.</param>
/// <param name="CodeVerifier">RFC 7636, section 4.1; null where the provider takes no PKCE. Kept here and never in the state, which passes through the browser.</param>
internal sealed record AuthorizationState(UserId UserId, string? CodeVerifier);
