using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Keys;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>Pending tokens as they were read from Redis.</summary>
/// <param name="Text">The encrypted value, which is deleted only while it is unchanged; null where the key has expired.</param>
/// <param name="Tokens">Null where the key has expired, or no key of the ring opens the value.</param>
internal sealed record PendingTokenEntry(string Key, string? Text, IssuedTokens? Tokens);

/// <summary>
/// Pending tokens as they are written to Redis. The whole record is encrypted, because it also holds the user id. The ciphertext is bound
/// to its key in Redis.
/// </summary>
internal static partial class PendingTokenJson
{
    private const string Purpose = "FathomGateway rescued tokens";

    public static string Write(KeyRing ring, IssuedTokens tokens, string key) => Envelope.Seal(
        ring,
        JsonSerializer.Serialize(
            new Record(
                tokens.UserId.Value, tokens.GrantId, tokens.Version, tokens.AccessToken.Text, tokens.RefreshToken?.Text, tokens.Scope,
                (long)tokens.Lifetime.TotalMilliseconds, tokens.IssuedAt, (long)tokens.Age.TotalMilliseconds),
            PendingTokenContext.Default.Record),
        Purpose,
        key);

    /// <param name="since">The time since the record was written.</param>
    /// <returns>Null where no key of the ring opens it, or it holds no record of this gateway.</returns>
    public static IssuedTokens? Read(KeyRing ring, string text, string key, TimeSpan since)
    {
        try
        {
            if (Envelope.Open(ring, text, Purpose, key) is not { } json) return null;
            if (JsonSerializer.Deserialize(json, PendingTokenContext.Default.Record) is not { } record) return null;
            if (!UserId.TryParse(record.UserId, out var userId)) return null;
            return new IssuedTokens(
                userId, record.GrantId, record.Version, new SealedToken(record.AccessToken),
                record.RefreshToken is { } token ? new SealedToken(token) : null, record.Scope,
                TimeSpan.FromMilliseconds(record.Lifetime), record.IssuedAt, TimeSpan.FromMilliseconds(record.Age) + since);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Spans are milliseconds. A newer release may add members; an older one ignores them.</summary>
    private sealed record Record(
        [property: JsonPropertyName("user_id")] string UserId,
        [property: JsonPropertyName("grant_id")] Guid GrantId,
        [property: JsonPropertyName("version")] long Version,
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("scope")] string? Scope,
        [property: JsonPropertyName("lifetime")] long Lifetime,
        [property: JsonPropertyName("issued_at")] DateTimeOffset IssuedAt,
        [property: JsonPropertyName("age")] long Age);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Record))]
    private sealed partial class PendingTokenContext : JsonSerializerContext;
}
