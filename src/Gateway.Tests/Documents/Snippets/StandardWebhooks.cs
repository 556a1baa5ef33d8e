using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Tests.Documents.Snippets;

/// <summary>Signatures of the gateway's events and of Fathom's own webhooks.</summary>
public static class StandardWebhooks
{
    private const string Prefix = "whsec_";

    /// <summary>The keys of a secret: one, two while it is changed. None if an entry is no key, or too short.</summary>
    public static byte[][] Keys(string? secret, int minBytes = 1)
    {
        var keys = (secret ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Key).ToArray();
        return keys.All(key => key.Length >= minBytes) ? keys : [];
    }

    /// <summary>Whether the sender has one of the keys.</summary>
    public static bool IsSigned(byte[][] keys, Func<string, string?> header, byte[] body)
    {
        var (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        if (id is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300) return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var sent = (header("webhook-signature") ?? "").Split(' ').Select(Encoding.UTF8.GetBytes).ToArray();
        return keys.Select(key => Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content))))
            .Any(expected => sent.Any(one => CryptographicOperations.FixedTimeEquals(one, expected)));
    }

    /// <summary>Empty for what is no key: anyone can sign with an empty key.</summary>
    private static byte[] Key(string entry)
    {
        var key = new byte[entry.Length];
        var isKey = entry.StartsWith(Prefix, StringComparison.Ordinal);
        return isKey && Convert.TryFromBase64String(entry[Prefix.Length..], key, out var length) ? key[..length] : [];
    }
}
