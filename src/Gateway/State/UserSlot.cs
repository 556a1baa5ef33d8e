using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>What all of a user's keys in Redis begin with. The braces make a Redis Cluster keep them in one slot; the hash keeps user ids out of key listings.</summary>
internal static class UserSlot
{
    /// <summary>128 bits of the id's hash: far more than users there are.</summary>
    private const int Bytes = 16;

    public static string Prefix(UserId userId) => $"fathom:{{{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)).AsSpan(0, Bytes))}}}:";
}
