using FathomGateway.Keys;

namespace FathomGateway.State;

/// <summary>
/// Encrypts an authorization code while it waits for its user's word. It is bound to the user, the handle and the verifier: moved to
/// another record it does not open.
/// </summary>
internal sealed class ParkedCode(KeyRing ring)
{
    private const string Purpose = "FathomGateway parked code";

    /// <summary>The state's record, with the code in it.</summary>
    public AuthorizationState Seal(AuthorizationState state, StateNonce parked, string code) =>
        state with { ParkedCode = Envelope.Seal(ring, code, Purpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "") };

    /// <returns>Null where no key of the ring opens it.</returns>
    public string? Open(AuthorizationState state, StateNonce parked) =>
        state.ParkedCode is null
            ? null
            : Envelope.Open(ring, state.ParkedCode, Purpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "");
}
