using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>The fields of Standard Webhooks, written and verified with one secret of the form <c>whsec_base64</c>.</summary>
internal static class WebhookSignature
{
    /// <summary>Names of the fields.</summary>
    public const string Id = "webhook-id", Timestamp = "webhook-timestamp", Signature = "webhook-signature";

    private const string Prefix = "whsec_", Version = "v1,";
    private const int KeyBytes = 32; // Standard Webhooks allows 24 to 64.

    /// <summary>How far the sender's clock may be off, and how long a replayed request is accepted: the usual five minutes.</summary>
    private const int ToleranceSeconds = 300;

    /// <summary>A new secret.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The three fields for a body.</summary>
    public static IEnumerable<(string Name, string Value)> Sign(string secret, string id, DateTimeOffset now, byte[] body)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return [(Id, id), (Timestamp, timestamp), (Signature, Entry(secret, id, timestamp, body))];
    }

    /// <summary>Whether one of the signatures is by this secret, and the time is near.</summary>
    public static bool Verifies(string secret, IHeaderDictionary headers, DateTimeOffset now, byte[] body)
    {
        var (id, timestamp) = (headers[Id].ToString(), headers[Timestamp].ToString());
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > ToleranceSeconds) return false;
        var expected = Entry(secret, id, timestamp, body);
        return headers[Signature].ToString().Split(' ').Any(entry => Secret.Equal(entry, expected));
    }

    private static string Entry(string secret, string id, string timestamp, byte[] body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return Version + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content));
    }
}
