using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// The <c>state</c> parameter (RFC 6749, section 4.1.1): <c>v1.kid.payload.signature</c>, where the payload is the nonce followed by the
/// user id, and the signature is HMAC-SHA256 over everything before it. A forged state is refused without a store.
/// </summary>
/// <remarks>The record that the nonce names decides who the user is. The user id in the state must equal it.</remarks>
/// <param name="purpose">
/// The purpose that the signing key is derived for. A text that is signed for one purpose is invalid for another.
/// </param>
internal sealed class SignedState(KeyRing ring, string purpose = SignedState.StatePurpose)
{
    /// <summary>Room for the longest user id.</summary>
    public const int MaxLength = 512;

    private const string Version = "v1";
    private const string StatePurpose = "FathomGateway state signature v1";

    public string Write(UserId userId, StateNonce nonce)
    {
        byte[] payload = [.. nonce.ToBytes(), .. Encoding.UTF8.GetBytes(userId.Value)];
        var signed = $"{Version}.{ring.Current.Kid}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Sign(ring.Current, signed)}";
    }

    /// <summary>False for anything that no key of the ring has signed in exactly this spelling.</summary>
    public bool TryRead([NotNullWhen(true)] string? state, out UserId userId, out StateNonce nonce)
    {
        (userId, nonce) = (default, default);
        if (state is null || state.Length > MaxLength) return false;
        if (state.Split('.') is not [Version, var kid, var payload, var signature] || ring.Find(kid) is not { } key) return false;

        // The texts are compared, not the bytes. base64url has several spellings of the same bytes, and only one of them is valid.
        var expected = Sign(key, state[..^(signature.Length + 1)]);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature))) return false;

        var bytes = Base64Url.DecodeFromChars(payload);
        nonce = StateNonce.From(bytes.AsSpan(0, StateNonce.LengthInBytes));
        return UserId.TryParse(Encoding.UTF8.GetString(bytes.AsSpan(StateNonce.LengthInBytes)), out userId);
    }

    private string Sign(EncryptionKey key, string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key.Derive(purpose), Encoding.UTF8.GetBytes(text)));
}
