using System.Buffers.Text;
using System.Security.Cryptography;

namespace FathomGateway.State;

/// <summary>The random part of a state: 32 bytes, which cannot be guessed (RFC 6749, section 10.10).</summary>
internal readonly record struct StateNonce
{
    public const int LengthInBytes = 32;

    private StateNonce(string text) => Text = text;

    /// <summary>base64url without padding, 43 characters.</summary>
    public string Text { get; }

    public static StateNonce Create() => From(RandomNumberGenerator.GetBytes(LengthInBytes));

    public static StateNonce From(ReadOnlySpan<byte> bytes) => new(Base64Url.EncodeToString(bytes));

    public byte[] ToBytes() => Base64Url.DecodeFromChars(Text);

    public override string ToString() => Text;
}
