using FathomGateway.Keys;

namespace FathomGateway.State;

/// <summary>
/// Encrypts an authorization code while it waits for its confirmation. The ciphertext is bound to user, handle and verifier: in another
/// record it does not open.
/// </summary>
internal sealed class ParkedCode(KeyRing ring)
{
    private const string Purpose = "FathomGateway parked code";

    /// <returns>The state's record with the encrypted code.</returns>
    public AuthorizationState Seal(AuthorizationState state, StateNonce parked, string code) =>
        state with { ParkedCode = Envelope.Seal(ring, code, Purpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "") };

    /// <returns>Null where no key of the ring opens it.</returns>
    public string? Open(AuthorizationState state, StateNonce parked) =>
        state.ParkedCode is null
            ? null
            : Envelope.Open(ring, state.ParkedCode, Purpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "");
}
