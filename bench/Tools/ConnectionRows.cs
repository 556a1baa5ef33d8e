using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>
/// Connections of many users as lines of COPY, encrypted as the gateway does it, with access tokens that need no refresh for a day.
/// </summary>
internal static class ConnectionRows
{
    private const int NonceLength = 12, TagLength = 16;

    /// <param name="key">An entry of TOKEN_ENCRYPTION_KEYS.</param>
    public static int Write(string key, int count)
    {
        if (key.Split(':', 2) is not [var kid, var base64]) return 2;
        using var aes = new AesGcm(Convert.FromBase64String(base64), TagLength);
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var now = DateTimeOffset.UtcNow;
        for (var number = 0; number < count; number++)
        {
            var user = $"{number:x24}";
            var (access, refresh) = (Seal(aes, kid, user, "AccessToken"), Seal(aes, kid, user, "RefreshToken"));
            output.Write($"{user}\t{Guid.NewGuid()}\t1\t{access}\t{refresh}\t{now:O}\t{now:O}\t{now.AddDays(1):O}\t{now:O}\n");
        }

        return 0;
    }

    private static string Seal(AesGcm aes, string kid, string user, string column)
    {
        // As long as the tokens that providers hand out.
        var token = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        var envelope = new byte[NonceLength + token.Length + TagLength];
        var nonce = envelope.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var rest = envelope.AsSpan(NonceLength);
        aes.Encrypt(nonce, token, rest[..token.Length], rest[token.Length..], AssociatedData(kid, user, column));
        return $"v1:{kid}:{Convert.ToBase64String(envelope)}";
    }

    private static byte[] AssociatedData(params string[] parts)
    {
        using var data = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts.Prepend("FathomGateway token"))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            data.Write(length);
            data.Write(bytes);
        }

        return data.ToArray();
    }
}
