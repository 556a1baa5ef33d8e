using System.Collections.Immutable;
using FathomGateway.Settings;

namespace FathomGateway.Events;

/// <summary>The receiver of events, and the keys that sign them.</summary>
/// <param name="Keys">One key, or two during a rotation. Both sign each event, so that a receiver may have either key.</param>
internal sealed record EventsOptions(Uri Url, ImmutableArray<byte[]> Keys)
{
    public const string UrlName = "EVENTS_URL";
    public const string SecretName = "EVENTS_SECRET";

    /// <summary>Prefix of a symmetric secret in Standard Webhooks.</summary>
    private const string Prefix = "whsec_";

    /// <summary>Bytes of a key, by Standard Webhooks.</summary>
    private const int MinKeyBytes = 24, MaxKeyBytes = 64;

    /// <summary>The old key and the new one.</summary>
    private const int MaxKeys = 2;

    private const string Remedy = $"write {Prefix} and the base64 of 24 to 64 random bytes, such as {Prefix}$(openssl rand -base64 32)";

    /// <returns>Null where no events are wanted, or the settings are faulty.</returns>
    public static EventsOptions? Read(SettingsReader settings)
    {
        var isWanted = settings.Optional(UrlName) is not null;
        var url = settings.OptionalUrl(UrlName);
        if (isWanted) settings.Required(SecretName, $"it signs the events that {UrlName} gets: {Remedy}.");
        var secret = settings.Secret(SecretName);
        var keys = ReadKeys(settings, secret);
        if (!isWanted && secret is not null) settings.Warn($"{SecretName} is set and {UrlName} is not: no event is written.");
        return url is null || keys.IsEmpty ? null : new EventsOptions(url, keys);
    }

    private static ImmutableArray<byte[]> ReadKeys(SettingsReader settings, string? secret)
    {
        string[] entries = secret?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (entries.Length > MaxKeys)
        {
            settings.Fault(SecretName, $"holds {entries.Length} keys: keep the new one and the one before it, separated by a blank.");
            return [];
        }

        var keys = entries.Select(Key).ToArray();
        if (keys.All(key => key is not null)) return [.. keys!];
        settings.Fault(SecretName, $"is no key of Standard Webhooks: {Remedy}; two of them are separated by a blank.");
        return [];
    }

    private static byte[]? Key(string entry)
    {
        if (!entry.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var buffer = new byte[MaxKeyBytes];
        var isBase64 = Convert.TryFromBase64String(entry[Prefix.Length..], buffer, out var length);
        return isBase64 && length >= MinKeyBytes ? buffer[..length] : null;
    }
}
