using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FathomGateway.Connect.Binding;

namespace FathomGateway.Connect;

/// <summary>Bodies of the routes that scripts call: JSON by generated code, which no cache may keep.</summary>
[JsonSerializable(typeof(ConnectEndpoint.ConsentPage))]
[JsonSerializable(typeof(ConfirmEndpoint.Confirmed))]
[JsonSerializable(typeof(ConnectionStatusEndpoints.Status))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ConnectJson : JsonSerializerContext
{
    /// <summary>As ASP.NET's own: member names in camel case, and addresses readable, as no web page shows the text.</summary>
    public static ConnectJson Web { get; } =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, contentType: null, context.RequestAborted);
    }
}
