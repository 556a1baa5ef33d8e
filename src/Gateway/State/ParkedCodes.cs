using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Authorization codes that wait for their confirmation: the handle that names one for the frontend, and its ciphertext in the record.
/// </summary>
/// <remarks>
/// A handle is signed like a state, with another key, so that a forged handle is refused without a store, and a state is no handle. Only
/// its hash is stored: a reader of the store cannot make one.
/// </remarks>
internal sealed class ParkedCodes(KeyRing ring)
{
    private const string NoncePurpose = "FathomGateway confirmation nonce v1";
    private const string SignaturePurpose = "FathomGateway confirmation signature v1";
    private const string CodePurpose = "FathomGateway parked code";

    private readonly SignedState _handles = new(ring, SignaturePurpose);

    /// <summary>
    /// The handle of a state's code. A state always has the same handle, so that a callback that is delivered again gets the same answer.
    /// </summary>
    /// <returns>The handle, for the browser, and the nonce that the code is parked under.</returns>
    public (string Handle, StateNonce Parked) HandleOf(UserId userId, StateNonce state)
    {
        // 256 bits that only the holder of the key knows. The state itself is known to the provider and to the browser's history.
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

    /// <returns>The state's record with the encrypted code, which is bound to user, handle and verifier.</returns>
    public AuthorizationState Seal(AuthorizationState state, StateNonce parked, string code) =>
        state with { ParkedCode = Envelope.Seal(ring, code, CodePurpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "") };

    /// <returns>Null where no key of the ring opens it, or where it was moved here from another record.</returns>
    public string? Open(AuthorizationState state, StateNonce parked) =>
        state.ParkedCode is null
            ? null
            : Envelope.Open(ring, state.ParkedCode, CodePurpose, state.UserId.Value, parked.Text, state.CodeVerifier ?? "");

    private static StateNonce Parked(StateNonce nonce) => StateNonce.From(SHA256.HashData(nonce.ToBytes()));
}
