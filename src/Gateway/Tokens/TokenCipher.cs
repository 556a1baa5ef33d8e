using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Encrypts tokens at rest with AES-256-GCM. Purpose, key id, user id and column are authenticated along with each token,
/// so that ciphertext copied to another user's row, or to another column, does not open (NIST SP 800-38D).
/// </summary>
/// <remarks>Nonces are random: NIST allows 2^32 encryptions a key, which a million refreshes a day reach after about six years.</remarks>
internal sealed partial class TokenCipher(KeyRing ring)
{
    private const string Version = "v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const string Purpose = "FathomGateway token";

    public SealedToken Seal(string token, UserId userId, TokenColumn column)
    {
        var key = ring.Current;
        var plaintext = Encoding.UTF8.GetBytes(token);
        var envelope = new byte[NonceLength + plaintext.Length + TagLength];
        var nonce = envelope.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(nonce, plaintext, envelope.AsSpan(NonceLength, plaintext.Length), envelope.AsSpan(NonceLength + plaintext.Length), AssociatedData(key.Kid, userId, column));
        return new SealedToken($"{Version}:{key.Kid}:{Convert.ToBase64String(envelope)}");
    }

    /// <returns>Null where no key of the ring opens it: the key is gone, or the text was altered or moved. The caller keeps the row.</returns>
    public string? Open(SealedToken sealedToken, UserId userId, TokenColumn column)
    {
        if (sealedToken.Text.Split(':') is not [Version, var kid, var base64] || ring.Find(kid) is not { } key) return null;
        var envelope = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, envelope, out var length) || length < NonceLength + TagLength) return null;

        var plaintext = new byte[length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Bytes, TagLength);
        try
        {
            aes.Decrypt(
                envelope.AsSpan(0, NonceLength),
                envelope.AsSpan(NonceLength, plaintext.Length),
                envelope.AsSpan(NonceLength + plaintext.Length, TagLength),
                plaintext,
                AssociatedData(kid, userId, column));
            return Encoding.UTF8.GetString(plaintext);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Each part is preceded by its length, so that no two sets of parts read alike.</summary>
    private static byte[] AssociatedData(string kid, UserId userId, TokenColumn column)
    {
        using var data = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in (ReadOnlySpan<string>)[Purpose, kid, userId.Value, column.ToString()])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            data.Write(length);
            data.Write(bytes);
        }

        return data.ToArray();
    }
}
