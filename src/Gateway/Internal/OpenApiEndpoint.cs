namespace FathomGateway.Internal;

/// <summary>
/// <c>GET /openapi.json</c>: the listener's routes as a handwritten OpenAPI 3.1 document. It needs no key, because it holds no user's data.
/// </summary>
internal static class OpenApiEndpoint
{
    private const string ResourceName = "FathomGateway.Internal.openapi.json";

    private static readonly Lazy<byte[]> Document = new(Read);

    public static Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Document.Value.Length;
        return context.Response.Body.WriteAsync(Document.Value, context.RequestAborted).AsTask();
    }

    private static byte[] Read()
    {
        using var resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(ResourceName)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
