using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Authorization codes that wait for their confirmation. The frontend gets a handle of the code. The record holds the encrypted code.
/// </summary>
/// <remarks>
/// A handle is signed like a state. So a forged handle is refused without a store. The key is another one, so a state is no valid handle.
/// The store has only the hash of a handle, so a reader of the store cannot make one.
/// </remarks>
internal sealed class ParkedCodes(KeyRing ring)
{
    private const string NoncePurpose = "FathomGateway confirmation nonce v1";
    private const string SignaturePurpose = "FathomGateway confirmation signature v1";
    private const string CodePurpose = "FathomGateway parked code";

    private readonly SignedState _handles = new(ring, SignaturePurpose);

    /// <summary>
    /// The handle of a state's code. A state always has the same handle, so a callback that is delivered again gets the same answer.
    /// </summary>
    /// <returns>The handle for the browser, and the nonce under which the code is stored.</returns>
    public (string Handle, StateNonce Parked) HandleOf(UserId userId, StateNonce state)
    {
        // These 256 bits are known only to the holder of the key. The state itself is known to the provider and is in the browser's
        // history.
        var nonce = StateNonce.From(HMACSHA256.HashData(ring.Current.Derive(NoncePurpose), state.ToBytes()));
        return (_handles.Write(userId, nonce), Parked(nonce));
    }

    /// <summary>False for anything but a handle of this gateway in exactly this spelling.</summary>
    public bool TryReadHandle([NotNullWhen(true)] string? handle, out UserId userId, out StateNonce parked)
    {
        parked = default;
        if (!_handles.TryRead(handle, out userId, out var nonce)) return false;
        parked = Parked(nonce);
        return true;
    }

    /// <returns>The state's record with the encrypted code. The ciphertext is bound to user, handle and verifier.</returns>
    public AuthorizationState Seal(AuthorizationState state, StateNonce parked, string code) =>
        state with { ParkedCode = Envelope.Seal(ring, code, CodePurpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "") };

    /// <returns>Null where no key of the ring opens the code, or where it was copied from another record.</returns>
    public string? Open(AuthorizationState state, StateNonce parked) =>
        state.ParkedCode is null
            ? null
            : Envelope.Open(ring, state.ParkedCode, CodePurpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "");

    private static StateNonce Parked(StateNonce nonce) => StateNonce.From(SHA256.HashData(nonce.ToBytes()));
}
