using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// The record of a state or of a confirmation handle. It is stored from the authorization request to its response, and again while a code
/// is parked.
/// </summary>
/// <param name="UserId">The user who began the flow. The tokens are stored for this user and no other.</param>
/// <param name="CodeVerifier">
/// RFC 7636, section 4.1; null where the provider takes no PKCE. It is never in the state, which passes through the browser.
/// </param>
internal sealed record AuthorizationState(UserId UserId, string? CodeVerifier)
{
    /// <summary>Hash of the cookie that binds the flow to the browser; null where <c>LINK_BINDING</c> asks for none.</summary>
    public string? Binder { get; init; }

    /// <summary>Digest of the network from which the flow was begun.</summary>
    public string? Network { get; init; }

    /// <summary>Digest of the field User-Agent with which the flow was begun.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The encrypted authorization code; null unless it is parked.</summary>
    public string? ParkedCode { get; init; }

    /// <summary>The generated text of a record would print the verifier.</summary>
    public override string ToString() => nameof(AuthorizationState);
}

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
