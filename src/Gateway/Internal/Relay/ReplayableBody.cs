using FathomGateway.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Internal.Relay;

/// <summary>Keeps a request's body so that it can be sent twice.</summary>
internal static class ReplayableBody
{
    /// <summary>
    /// The largest body to keep, in bytes. The API takes a few hundred. Larger bodies, and those without a length, are streamed and sent
    /// once.
    /// </summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Time limit for a body that is kept. A slower caller would only hold a connection and memory.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Reads a small body into memory. Returns false where it cannot be kept; nothing has been read then.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time, or ended early.</exception>
    public static async Task<bool> KeepAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return true;
        if (context.Request.ContentLength is not (>= 0 and <= MaxBytes) || context.Request.Headers.TransferEncoding.Count > 0) return false;
        var bytes = new byte[(int)context.Request.ContentLength];
        await BodyDeadline.ReadAsync(context, Deadline, (body, cancel) => body.ReadExactlyAsync(bytes, cancel));
        context.Request.Body = new MemoryStream(bytes, writable: false);
        return true;
    }

    public static void Rewind(HttpContext context)
    {
        if (context.Request.Body is MemoryStream kept) kept.Position = 0;
    }
}
