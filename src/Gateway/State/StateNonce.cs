using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>The random part of a state: 32 bytes, so that guessing one is out of reach (RFC 6749, section 10.10).</summary>
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

/// <summary>
/// Identifies one attempt to redeem a state. A redeemer whose answer was lost asks again with the same id and gets the same answer. For
/// every other redeemer the state is pending.
/// </summary>
internal readonly record struct RedeemerId
{
    /// <summary>Two redeemers of one state must not get the same id by chance.</summary>
    private const int LengthInBytes = 16;

    private RedeemerId(string text) => Text = text;

    /// <summary>base64url without padding.</summary>
    public string Text { get; }

    public static RedeemerId Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(LengthInBytes)));

    public override string ToString() => Text;
}

/// <summary>
/// The beginning of all of a user's keys in Redis. The braces are the hash tag that keeps them in one slot of a Redis Cluster. The hash
/// keeps user ids out of key listings.
/// </summary>
internal static class RedisKeyPrefix
{
    /// <summary>Bytes of the hash that are used: 128 bits do not collide.</summary>
    private const int Bytes = 16;

    public static string Of(UserId userId) =>
        $"fathom:{{{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)).AsSpan(0, Bytes))}}}:";
}
