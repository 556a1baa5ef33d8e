using System.Text.Json.Serialization;
using System.Text.Json;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// What is remembered between the authorization request and its response, and again while a code is parked: the record that a state or a
/// handle names.
/// </summary>
/// <param name="UserId">Who began the flow; the tokens are stored for this user and no other.</param>
/// <param name="CodeVerifier">
/// RFC 7636, section 4.1; null where the provider takes no PKCE. Kept here and never in the state, which passes through the browser.
/// </param>
internal sealed record AuthorizationState(UserId UserId, string? CodeVerifier)
{
    /// <summary>Hash of the binder cookie of the browser that began; null where none is asked for.</summary>
    public string? Binder { get; init; }

    /// <summary>Digest of the network that the flow was begun from.</summary>
    public string? Network { get; init; }

    /// <summary>Digest of the User-Agent field that it was begun with.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The authorization code, sealed; only while it is parked.</summary>
    public string? ParkedCode { get; init; }

    /// <summary>A record's own text would print the verifier.</summary>
    public override string ToString() => nameof(AuthorizationState);
}

/// <summary>The record as it is written to Redis. Fields may be added by a newer release; an older one ignores them.</summary>
internal static partial class StateRecordJson
{
    public static byte[] Write(AuthorizationState state) => JsonSerializer.SerializeToUtf8Bytes(
        new Record(state.UserId.Value, state.CodeVerifier, state.Binder, state.Network, state.UserAgent, state.ParkedCode),
        RecordContext.Default.Record);

    /// <returns>Null where the text is no record of ours.</returns>
    public static AuthorizationState? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RecordContext.Default.Record) is { } record
                && UserId.TryParse(record.UserId, out var userId)
                ? new AuthorizationState(userId, record.CodeVerifier)
                {
                    Binder = record.Binder,
                    Network = record.Network,
                    UserAgent = record.UserAgent,
                    ParkedCode = record.ParkedCode,
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Record(
        [property: JsonPropertyName("user_id")] string UserId,
        [property: JsonPropertyName("code_verifier")] string? CodeVerifier,
        [property: JsonPropertyName("binder")] string? Binder,
        [property: JsonPropertyName("network")] string? Network,
        [property: JsonPropertyName("user_agent")] string? UserAgent,
        [property: JsonPropertyName("parked_code")] string? ParkedCode);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Record))]
    private sealed partial class RecordContext : JsonSerializerContext;
}
