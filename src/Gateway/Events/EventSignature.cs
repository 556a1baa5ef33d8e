using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Events;

/// <summary>The field <c>webhook-signature</c> of Standard Webhooks: HMAC-SHA256 over id, time and body, one entry per key.</summary>
internal static class EventSignature
{
    /// <summary>The version of the scheme: symmetric keys.</summary>
    private const string Version = "v1,";

    /// <param name="timestamp">Seconds since 1970-01-01 UTC, as the field <c>webhook-timestamp</c> says them.</param>
    public static string Sign(IEnumerable<byte[]> keys, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp.ToString(CultureInfo.InvariantCulture)}."), .. body];
        return string.Join(' ', keys.Select(key => Version + Convert.ToBase64String(HMACSHA256.HashData(key, content))));
    }
}
