using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Keys;

/// <summary>
/// Text encrypted with AES-256-GCM: <c>v1:kid:base64(nonce ‖ ciphertext ‖ tag)</c>. Purpose, key id and context are associated data, so
/// that ciphertext does not open in another place (NIST SP 800-38D).
/// </summary>
internal static class Envelope
{
    public const string Version = "v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <param name="purpose">What the text is: one constant for each kind.</param>
    /// <param name="context">Where it belongs, such as its user.</param>
    public static string Seal(KeyRing ring, string text, string purpose, params ReadOnlySpan<string> context)
    {
        var key = ring.Current;
        var plaintext = Encoding.UTF8.GetBytes(text);
        var envelope = new byte[NonceLength + plaintext.Length + TagLength];
        var nonce = envelope.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(
            nonce,
            plaintext,
            envelope.AsSpan(NonceLength, plaintext.Length),
            envelope.AsSpan(NonceLength + plaintext.Length),
            AssociatedData(purpose, key.Kid, context));
        return $"{Version}:{key.Kid}:{Convert.ToBase64String(envelope)}";
    }

    /// <returns>Null where no key of the ring opens it: the key is gone, or the envelope was altered or moved.</returns>
    public static string? Open(KeyRing ring, string sealedText, string purpose, params ReadOnlySpan<string> context)
    {
        if (sealedText.Split(':') is not [Version, var kid, var base64] || ring.Find(kid) is not { } key) return null;
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
                AssociatedData(purpose, kid, context));
            return Encoding.UTF8.GetString(plaintext);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Each part is preceded by its length, so that no two sets of parts read alike.</summary>
    private static byte[] AssociatedData(string purpose, string kid, ReadOnlySpan<string> context)
    {
        using var data = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in (ReadOnlySpan<string>)[purpose, kid, .. context])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            data.Write(length);
            data.Write(bytes);
        }

        return data.ToArray();
    }
}
