using System.Security.Cryptography;

namespace FathomGateway.Keys;

/// <summary>One key of the ring.</summary>
internal sealed class EncryptionKey(string kid, byte[] bytes)
{
    /// <summary>Length of a key in bytes: AES-256.</summary>
    public const int Length = 32;

    /// <summary>Longest key id in characters; it travels in every state and every stored token.</summary>
    public const int LongestKid = 16;

    /// <summary>The id under which ciphertext and states name this key: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Kid { get; } = kid;

    /// <summary>The key itself; never printed.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A key of its own for each purpose (RFC 5869): what signs states can open no token.</summary>
    public byte[] Derive(byte[] purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, Length, info: purpose);

    public static bool IsKid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestKid && !text.ContainsAnyExcept(KidCharacters);

    private static readonly System.Buffers.SearchValues<char> KidCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
