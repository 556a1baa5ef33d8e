using FathomGateway.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Connect;

/// <summary>Limits the size and the duration of bodies on the gateway's own routes. The backend limits proxied bodies.</summary>
internal static class RequestBodyLimit
{
    /// <summary>Largest body in bytes on a route that needs none.</summary>
    private const int NoBody = 1024;

    /// <summary>Time limit for a body. The body is small, so a slower client would only keep a connection open.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Middleware for routes that need no body.</summary>
    public static async Task Check(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (await ReadAsync(context, NoBody) is null)
            {
                await ConnectProblem.BodyTooLargeAsync(context);
                return;
            }
        }
        catch (BadHttpRequestException broken)
        {
            await ConnectProblem.BrokenBodyAsync(context, broken);
            return;
        }

        await next(context);
    }

    /// <summary>The body, or null where it is larger than <paramref name="limit"/> bytes.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time or is broken. The server would log that as an error of the
    /// gateway.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit) return null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return ReadOnlyMemory<byte>.Empty;
        var buffer = new byte[limit + 1];
        var length = 0;
        await BodyDeadline.ReadAsync(context, Deadline, async (body, cancel) =>
            length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel));
        if (length > limit) return null;
        return buffer.AsMemory(0, length);
    }
}
