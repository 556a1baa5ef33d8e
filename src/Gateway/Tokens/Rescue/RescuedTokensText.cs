using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Rescue;

/// <summary>Rescued tokens as they are written to Redis: sealed as a whole, for beside the sealed tokens it says whose they are. Bound to their key.</summary>
internal sealed partial class RescuedTokensText(KeyRing ring)
{
    private const string Purpose = "FathomGateway rescued tokens";

    public string Write(RescuedTokens tokens, string key) => Envelope.Seal(
        ring,
        JsonSerializer.Serialize(
            new Rescued(
                tokens.UserId.Value, tokens.GrantId, tokens.Version, tokens.AccessToken.Text, tokens.RefreshToken?.Text, tokens.Scope,
                (long)tokens.Lifetime.TotalMilliseconds, tokens.IssuedAt, (long)tokens.Age.TotalMilliseconds),
            RescuedContext.Default.Rescued),
        Purpose,
        key);

    /// <param name="since">How long ago it was written.</param>
    /// <returns>Null where no key of the ring opens it, or what is in it is not of our making.</returns>
    public RescuedTokens? Read(string text, string key, TimeSpan since)
    {
        try
        {
            if (Envelope.Open(ring, text, Purpose, key) is not { } json || JsonSerializer.Deserialize(json, RescuedContext.Default.Rescued) is not { } record) return null;
            return UserId.TryParse(record.UserId, out var userId)
                ? new RescuedTokens(
                    userId, record.GrantId, record.Version, new SealedToken(record.AccessToken), record.RefreshToken is { } token ? new SealedToken(token) : null, record.Scope,
                    TimeSpan.FromMilliseconds(record.Lifetime), record.IssuedAt, TimeSpan.FromMilliseconds(record.Age) + since)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Spans are milliseconds. Fields may be added by a newer release; an older one ignores them.</summary>
    private sealed record Rescued(
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
    [JsonSerializable(typeof(Rescued))]
    private sealed partial class RescuedContext : JsonSerializerContext;
}
