using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Internal.Connections;
using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>The JSON of the internal listener's responses, with <c>snake_case</c> members, by generated code.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccessTokenEndpoint.IssuedToken))]
[JsonSerializable(typeof(ConnectionEndpoint.Shown))]
[JsonSerializable(typeof(ConnectionEndpoint.Ended))]
[JsonSerializable(typeof(ConnectionPage))]
[JsonSerializable(typeof(EventsEndpoint.EventPage))]
[JsonSerializable(typeof(EventsEndpoint.Requeued))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class InternalJson : JsonSerializerContext;
