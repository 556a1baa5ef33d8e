using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Digests of the network and the User-Agent that began a flow, for the comparison with those that end it. They are keyed, because a reader
/// of the store could otherwise try all networks. They are salted with the user id.
/// </summary>
internal sealed class SenderDigest(KeyRing ring)
{
    private const string Purpose = "FathomGateway sender digest v1";

    /// <summary>Bytes of the HMAC that are used: 128 bits do not collide.</summary>
    private const int Bytes = 16;

    public string Of(UserId userId, string text) => Of(ring.Current, userId, text);

    /// <summary>True where the digest is of this text, under any key of the ring: keys may be rotated during a flow.</summary>
    public bool Matches(string? digest, UserId userId, string text) => ring.Keys.Any(key => Of(key, userId, text) == digest);

    private static string Of(EncryptionKey key, UserId userId, string text) =>
        // Neither part can contain the line feed between them.
        Base64Url.EncodeToString(
            HMACSHA256.HashData(key.Derive(Purpose), Encoding.UTF8.GetBytes($"{userId.Value}\n{text}")).AsSpan(0, Bytes));
}
