using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Users;

namespace FathomGateway.State.Redis;

/// <summary>
/// The beginning of all keys of a user in Redis. The braces are a hash tag, which keeps these keys in one slot of a Redis Cluster. The user
/// id is hashed, so that listings of keys do not show it.
/// </summary>
internal static class RedisKeyPrefix
{
    /// <summary>Bytes of the hash that are used: 128 bits do not collide.</summary>
    private const int Bytes = 16;

    public static string Of(UserId userId) =>
        $"fathom:{{{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)).AsSpan(0, Bytes))}}}:";
}
