using System.Text.Json;

namespace FathomGateway.Internal;

/// <summary>Answers of the internal listener: JSON with <c>snake_case</c> members, which no cache may keep.</summary>
internal static class InternalJson
{
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Task WriteAsync<T>(HttpContext context, T body)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, SnakeCase, context.RequestAborted);
    }
}
