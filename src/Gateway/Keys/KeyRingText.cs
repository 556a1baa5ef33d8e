using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Keys;

/// <summary>The written form of a key ring: <c>kid:base64-of-32-bytes[,kid:…]</c>.</summary>
internal static class KeyRingText
{
    /// <summary>Reads the ring, reporting each faulty entry by its position, never by its content.</summary>
    public static KeyRing? Parse(string text, string name, SettingsReader settings)
    {
        var keys = new List<EncryptionKey>();
        var entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0) settings.Fault(name, "holds no key.");
        for (var i = 0; i < entries.Length; i++)
        {
            var (key, fault) = ParseEntry(entries[i]);
            if (key is not null && keys.Exists(other => other.Kid == key.Kid)) fault = "repeats a key id";
            if (fault is null && RepetitiveSecret.IsIn(key!.Bytes))
            {
                settings.Warn(
                    $"{name} entry {i + 1} is no random key but a repetition: `gateway keys new` prints one, and `gateway keys reencrypt` "
                    + "moves the tokens to it.");
            }

            if (fault is null) keys.Add(key!);
            else settings.Fault(name, $"entry {i + 1} {fault}: compare it with what `gateway keys new` prints.");
        }

        return keys.Count > 0 ? new KeyRing(keys) : null;
    }

    private static (EncryptionKey? Key, string? Fault) ParseEntry(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return (null, "is not of the form kid:base64");
        if (!EncryptionKey.IsKid(entry.AsSpan(0, colon)))
        {
            return (null, $"has a key id that is not 1 to {EncryptionKey.MaxKidLength} letters, digits, - or _");
        }

        var bytes = new byte[EncryptionKey.Length + 1];
        if (!Convert.TryFromBase64String(entry[(colon + 1)..], bytes, out var length))
        {
            return (null, "has a key that is not base64 of 32 bytes");
        }

        return length == EncryptionKey.Length
            ? (new EncryptionKey(entry[..colon], bytes[..length]), null)
            : (null, $"has a key that is not {EncryptionKey.Length} bytes long");
    }
}
