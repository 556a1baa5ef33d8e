using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Internal.Relay;

/// <summary>A request's body that is kept, so that it can be sent a second time.</summary>
internal static class ReplayableBody
{
    /// <summary>Most bytes that are kept: what the API takes is a few hundred. Larger bodies, and those that do not say how large they are, stream through and are sent once.</summary>
    public const int Largest = 64 * 1024;

    /// <summary>Reads the body where it is small enough; false where it cannot be kept, and nothing has been read.</summary>
    public static async Task<bool> KeepAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return true;
        if (context.Request.ContentLength is not (>= 0 and <= Largest) || context.Request.Headers.TransferEncoding.Count > 0) return false;
        var bytes = new byte[(int)context.Request.ContentLength];
        await context.Request.Body.ReadExactlyAsync(bytes, context.RequestAborted);
        context.Request.Body = new MemoryStream(bytes, writable: false);
        return true;
    }

    public static void Rewind(HttpContext context)
    {
        if (context.Request.Body is MemoryStream kept) kept.Position = 0;
    }
}
