using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Keys;

/// <summary>The keys in use: the first encrypts and signs, every one decrypts and verifies, for rotation while serving.</summary>
/// <remarks>The written form is <c>kid:base64-of-32-bytes[,kid:…]</c>.</remarks>
/// <param name="keys">At least one.</param>
internal sealed class KeyRing(IEnumerable<EncryptionKey> keys)
{
    private readonly EncryptionKey[] _keys = [.. keys];

    /// <summary>The key that new ciphertext and new states are made with.</summary>
    public EncryptionKey Current => _keys[0];

    public IReadOnlyList<EncryptionKey> Keys => _keys;

    public EncryptionKey? Find(string kid) => Array.Find(_keys, key => key.Kid == kid);

    /// <summary>A new random entry of the written form.</summary>
    public static string NewEntry() =>
        $"k{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}:"
            + Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKey.Length));

    /// <summary>Reads the written form, reporting each faulty entry by its position, never by its content.</summary>
    /// <param name="name">The setting that a fault names.</param>
    public static KeyRing? Parse(string text, string name, SettingsReader settings)
    {
        var keys = new List<EncryptionKey>();
        var entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0) settings.Fault(name, "holds no key.");
        for (var i = 0; i < entries.Length; i++)
        {
            var (key, fault) = ParseEntry(entries[i]);
            if (key is not null && keys.Exists(other => other.Kid == key.Kid)) fault = "repeats a key id";
            if (fault is null && RepetitiveSecret.IsIn(key!.Bytes))
            {
                settings.Warn(
                    $"{name} entry {i + 1} is no random key but a repetition: `gateway keys new` prints one, and `gateway keys reencrypt` "
                    + "moves the tokens to it.");
            }

            if (fault is null) keys.Add(key!);
            else settings.Fault(name, $"entry {i + 1} {fault}: compare it with what `gateway keys new` prints.");
        }

        return keys.Count > 0 ? new KeyRing(keys) : null;
    }

    private static (EncryptionKey? Key, string? Fault) ParseEntry(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return (null, "is not of the form kid:base64");
        var kid = entry[..colon];
        if (!EncryptionKey.IsKid(kid))
        {
            return (null, $"has a key id that is not 1 to {EncryptionKey.MaxKidLength} letters, digits, - or _");
        }

        var bytes = new byte[EncryptionKey.Length + 1];
        if (!Convert.TryFromBase64String(entry[(colon + 1)..], bytes, out var length))
        {
            return (null, "has a key that is not base64 of 32 bytes");
        }

        return length == EncryptionKey.Length
            ? (new EncryptionKey(kid, bytes[..length]), null)
            : (null, $"has a key that is not {EncryptionKey.Length} bytes long");
    }
}

/// <summary>An AES-256 key and the id that ciphertext names it by.</summary>
internal sealed class EncryptionKey(string kid, byte[] bytes)
{
    /// <summary>Length of a key in bytes: AES-256.</summary>
    public const int Length = 32;

    /// <summary>Longest key id in characters; it travels in every state and every stored token.</summary>
    public const int MaxKidLength = 16;

    /// <summary>Each key is derived once: a derivation takes two HMACs, and a use of the result takes one.</summary>
    private readonly ConcurrentDictionary<string, byte[]> _derived = [];

    /// <summary>The id under which ciphertext and states name this key: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Kid { get; } = kid;

    /// <summary>The key itself; never printed.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A key of its own for each purpose (RFC 5869): what signs states can open no token.</summary>
    /// <param name="purpose">One of a few constants: each result is kept as long as the key.</param>
    public byte[] Derive(string purpose) => _derived.GetOrAdd(
        purpose, info => HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, Length, info: Encoding.UTF8.GetBytes(info)));

    public static bool IsKid(string text) =>
        text.Length is > 0 and <= MaxKidLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
