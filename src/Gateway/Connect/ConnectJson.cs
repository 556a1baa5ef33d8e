using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Connect.Binding;

namespace FathomGateway.Connect;

/// <summary>The JSON of the routes that scripts call, by generated code.</summary>
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
}
