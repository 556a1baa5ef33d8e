using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// The name of a parked code for the frontend. It is signed like a state, with another key, so that a forged handle is refused without a
/// store, and a state is no handle. Only its hash is stored: a reader of the store cannot make one.
/// </summary>
internal sealed class ConfirmationHandle(KeyRing ring)
{
    private readonly DerivedKeys _nonceKeys = new(ring, "FathomGateway confirmation nonce v1");
    private readonly SignedState _signed = new(ring, "FathomGateway confirmation signature v1");

    /// <summary>
    /// The handle of a state's code. A state always has the same handle, so that a callback that is delivered again gets the same answer.
    /// </summary>
    /// <returns>The handle, for the browser, and the nonce that the code is parked under.</returns>
    public (string Handle, StateNonce Parked) For(UserId userId, StateNonce state)
    {
        // 256 bits that only the holder of the key knows. The state itself is known to the provider and to the browser's history.
        var nonce = StateNonce.From(HMACSHA256.HashData(_nonceKeys.Current, state.ToBytes()));
        return (_signed.Write(userId, nonce), Parked(nonce));
    }

    /// <summary>False for anything but a handle of this gateway in exactly this spelling.</summary>
    public bool TryRead([NotNullWhen(true)] string? handle, out UserId userId, out StateNonce parked)
    {
        parked = default;
        if (!_signed.TryRead(handle, out userId, out var nonce)) return false;
        parked = Parked(nonce);
        return true;
    }

    private static StateNonce Parked(StateNonce nonce) => StateNonce.From(SHA256.HashData(nonce.ToBytes()));
}
