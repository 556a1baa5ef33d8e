using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Keys;

/// <summary>The keys in use: the first encrypts and signs, every one decrypts and verifies, for rotation while serving.</summary>
internal sealed class KeyRing
{
    private readonly EncryptionKey[] _keys;

    public KeyRing(IEnumerable<EncryptionKey> keys)
    {
        _keys = [.. keys];
        if (_keys.Length == 0) throw new ArgumentException("A key ring needs at least one key.", nameof(keys));
    }

    /// <summary>The key that new ciphertext and new states are made with.</summary>
    public EncryptionKey Current => _keys[0];

    public IReadOnlyList<EncryptionKey> Keys => _keys;

    public EncryptionKey? Find(ReadOnlySpan<char> kid)
    {
        foreach (var key in _keys)
        {
            if (kid.SequenceEqual(key.Kid)) return key;
        }

        return null;
    }

    /// <summary>A new random entry in the form of <c>TOKEN_ENCRYPTION_KEYS</c>: <c>kid:base64-of-32-bytes</c>.</summary>
    public static string NewEntry() =>
        $"k{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}:"
            + Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKey.Length));
}

/// <summary>An AES-256 key and the id that ciphertext names it by.</summary>
internal sealed class EncryptionKey(string kid, byte[] bytes)
{
    /// <summary>Length of a key in bytes: AES-256.</summary>
    public const int Length = 32;

    /// <summary>Longest key id in characters; it travels in every state and every stored token.</summary>
    public const int MaxKidLength = 16;

    /// <summary>The id under which ciphertext and states name this key: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Kid { get; } = kid;

    /// <summary>The key itself; never printed.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A key of its own for each purpose (RFC 5869): what signs states can open no token.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, Length, info: Encoding.UTF8.GetBytes(purpose));

    public static bool IsKid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxKidLength && !text.ContainsAnyExcept(KidCharacters);

    private static readonly System.Buffers.SearchValues<char> KidCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
