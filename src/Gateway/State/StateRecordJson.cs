using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>The record as it is written to Redis. A newer release may add members; an older one ignores them.</summary>
internal static partial class StateRecordJson
{
    public static byte[] Write(AuthorizationState state) => JsonSerializer.SerializeToUtf8Bytes(
        new Record(state.UserId.Value, state.CodeVerifier, state.Binder, state.Network, state.UserAgent, state.ParkedCode),
        RecordContext.Default.Record);

    /// <returns>Null where the text is no record of this gateway.</returns>
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

    /// <summary>The members of the record. Their names are those of the stored form.</summary>
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
