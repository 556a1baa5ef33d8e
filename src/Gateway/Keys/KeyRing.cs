using System.Security.Cryptography;

namespace FathomGateway.Keys;

/// <summary>The keys in use: the first one encrypts and signs, every one decrypts and verifies, so that keys can be rotated while serving.</summary>
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

    /// <summary>The key of that id, or null.</summary>
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
        $"k{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKey.Length))}";
}
