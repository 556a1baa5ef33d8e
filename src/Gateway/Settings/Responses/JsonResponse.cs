using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FathomGateway.Settings.Responses;

/// <summary>Writes JSON responses of the gateway, which no cache may keep.</summary>
internal static class JsonResponse
{
    private const string ContentType = $"{MediaTypeNames.Application.Json}; charset=utf-8";

    /// <summary>
    /// Writes a body with its length, so that fields and body leave in one write. Without the length, the end of the chunked body is a
    /// second write.
    /// </summary>
    public static async Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        var response = context.Response;
        (response.Headers.CacheControl, response.ContentType, response.ContentLength) = ("no-store", ContentType, bytes.Length);
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
