using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Names a parked code to the frontend. Signed like a state, under a key of its own, so that garbage is told from ours without asking any
/// store and no state passes for a handle. Only its hash is stored: whoever reads the store cannot make one.
/// </summary>
internal sealed class ConfirmationHandle(KeyRing ring)
{
    private static readonly byte[] NoncePurpose = "FathomGateway confirmation nonce v1"u8.ToArray();
    private readonly SignedState _signed = new(ring, "FathomGateway confirmation signature v1");

    /// <summary>
    /// The handle of a state's code. The same state has the same handle, so that a callback delivered again can be answered as it was
    /// before.
    /// </summary>
    /// <returns>The handle, for the browser, and the nonce that the code is parked under.</returns>
    public (string Handle, StateNonce Parked) For(UserId userId, StateNonce state)
    {
        // 256 bits that nobody knows who does not have the key; the state itself is known to the provider and to the browser's history.
        var nonce = StateNonce.From(HMACSHA256.HashData(ring.Current.Derive(NoncePurpose), state.ToBytes()));
        return (_signed.Write(userId, nonce), Parked(nonce));
    }

    /// <summary>False for anything that is not, to the letter, a handle of ours.</summary>
    public bool TryRead([NotNullWhen(true)] string? handle, out UserId userId, out StateNonce parked)
    {
        parked = default;
        if (!_signed.TryRead(handle, out userId, out var nonce)) return false;
        parked = Parked(nonce);
        return true;
    }

    private static StateNonce Parked(StateNonce nonce) => StateNonce.From(SHA256.HashData(nonce.ToBytes()));
}
