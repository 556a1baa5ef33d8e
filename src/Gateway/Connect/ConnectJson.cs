using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FathomGateway.Connect.Binding;

namespace FathomGateway.Connect;

/// <summary>Writes the bodies of the routes that scripts call, as JSON by generated code. No cache may keep them.</summary>
[JsonSerializable(typeof(ConnectEndpoint.ConsentPage))]
[JsonSerializable(typeof(ConfirmEndpoint.Confirmed))]
[JsonSerializable(typeof(ConnectionStatusEndpoints.Status))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ConnectJson : JsonSerializerContext
{
    /// <summary>
    /// As ASP.NET's default, with member names in camel case. Addresses are not escaped, because no web page shows the text.
    /// </summary>
    public static ConnectJson Web { get; } =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, contentType: null, context.RequestAborted);
    }
}
