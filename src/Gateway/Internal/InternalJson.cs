using System.Text.Json;

namespace FathomGateway.Internal;

/// <summary>Writes responses of the internal listener as JSON with <c>snake_case</c> members and <c>Cache-Control: no-store</c>.</summary>
internal static class InternalJson
{
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Task WriteAsync<T>(HttpContext context, T body)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, SnakeCase, context.RequestAborted);
    }
}
