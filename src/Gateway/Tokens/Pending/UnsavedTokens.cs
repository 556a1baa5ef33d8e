using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Keys;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>Tokens that were issued and could not be stored, with all that is needed to store them later.</summary>
/// <param name="GrantId">The grant that they are, or that they were refreshed for.</param>
/// <param name="Version">The version of the row that a refresh began from; 0 for a connect, which begins from none.</param>
/// <param name="RefreshToken">For a refresh, null keeps the old one.</param>
/// <param name="IssuedAt">For a connect, when the provider answered, by the database's clock.</param>
/// <param name="Age">How long ago the provider answered.</param>
internal sealed record UnsavedTokens(
    UserId UserId, Guid GrantId, long Version, SealedToken AccessToken, SealedToken? RefreshToken, string? Scope, TimeSpan Lifetime,
    DateTimeOffset IssuedAt, TimeSpan Age)
{
    public bool IsConnect => Version == 0;

    public static UnsavedTokens Of(NewConnection connection, DateTimeOffset issuedAt, TimeSpan age) => new(
        connection.UserId, connection.GrantId, 0, connection.AccessToken, connection.RefreshToken, connection.Scope, connection.Lifetime,
        issuedAt, age);

    /// <summary>What they may replace.</summary>
    public RefreshFence Fence => new(UserId, GrantId, Version);

    public static UnsavedTokens Of(RefreshFence fence, RefreshedTokens tokens) => new(
        fence.UserId, fence.GrantId, fence.Version, tokens.AccessToken, tokens.RefreshToken, tokens.Scope, tokens.Lifetime,
        DateTimeOffset.UnixEpoch, tokens.Age);

    public NewConnection ToConnection() => new(UserId, GrantId, AccessToken, RefreshToken, Scope, Lifetime);

    public RefreshedTokens ToRefreshed() => new(AccessToken, RefreshToken, Scope, Lifetime, Age);
}

/// <summary>What lies under a key in Redis.</summary>
/// <param name="Text">As it was read, to be deleted only as long as it is that; null where nothing lies there any more.</param>
/// <param name="Tokens">Null where nothing lies there, or no key of the ring opens it.</param>
internal sealed record PendingTokenEntry(string Key, string? Text, UnsavedTokens? Tokens);

/// <summary>
/// Unsaved tokens as they are written to Redis: sealed as a whole, for beside the sealed tokens it says whose they are. Bound to their key.
/// </summary>
internal sealed partial class UnsavedTokensJson(KeyRing ring)
{
    private const string Purpose = "FathomGateway rescued tokens";

    public string Write(UnsavedTokens tokens, string key) => Envelope.Seal(
        ring,
        JsonSerializer.Serialize(
            new Record(
                tokens.UserId.Value, tokens.GrantId, tokens.Version, tokens.AccessToken.Text, tokens.RefreshToken?.Text, tokens.Scope,
                (long)tokens.Lifetime.TotalMilliseconds, tokens.IssuedAt, (long)tokens.Age.TotalMilliseconds),
            UnsavedTokensContext.Default.Record),
        Purpose,
        key);

    /// <param name="since">How long ago it was written.</param>
    /// <returns>Null where no key of the ring opens it, or what is in it is not of our making.</returns>
    public UnsavedTokens? Read(string text, string key, TimeSpan since)
    {
        try
        {
            if (Envelope.Open(ring, text, Purpose, key) is not { } json) return null;
            if (JsonSerializer.Deserialize(json, UnsavedTokensContext.Default.Record) is not { } record) return null;
            if (!UserId.TryParse(record.UserId, out var userId)) return null;
            return new UnsavedTokens(
                userId, record.GrantId, record.Version, new SealedToken(record.AccessToken),
                record.RefreshToken is { } token ? new SealedToken(token) : null, record.Scope,
                TimeSpan.FromMilliseconds(record.Lifetime), record.IssuedAt, TimeSpan.FromMilliseconds(record.Age) + since);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Spans are milliseconds. Fields may be added by a newer release; an older one ignores them.</summary>
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
    private sealed partial class UnsavedTokensContext : JsonSerializerContext;
}
