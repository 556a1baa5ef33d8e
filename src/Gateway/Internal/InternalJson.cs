using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FathomGateway.Internal.Connections;
using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>
/// Writes responses of the internal listener as JSON with <c>snake_case</c> members and <c>Cache-Control: no-store</c>, by generated code.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccessTokenEndpoint.IssuedToken))]
[JsonSerializable(typeof(ConnectionEndpoint.Shown))]
[JsonSerializable(typeof(ConnectionEndpoint.Ended))]
[JsonSerializable(typeof(ConnectionPage))]
[JsonSerializable(typeof(EventsEndpoint.EventPage))]
[JsonSerializable(typeof(EventsEndpoint.Requeued))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class InternalJson : JsonSerializerContext
{
    public static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, contentType: null, context.RequestAborted);
    }
}
