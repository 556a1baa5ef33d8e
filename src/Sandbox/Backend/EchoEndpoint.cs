using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Sandbox.Backend;

/// <summary>Echoes the request, to show that the gateway forwards it unchanged.</summary>
internal static class EchoEndpoint
{
    /// <summary><c>ANY /api/echo/…</c> → method, raw target (before any decoding) and headers.</summary>
    public static IResult Echo(HttpContext context) => Results.Json(new
    {
        method = context.Request.Method,
        target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
    });
}
