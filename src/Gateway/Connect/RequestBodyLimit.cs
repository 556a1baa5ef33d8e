using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Connect;

/// <summary>Bodies of the gateway's own routes: small, or refused. The limits of proxied ones are the backend's business.</summary>
internal static class RequestBodyLimit
{
    /// <summary>Bytes that a route which needs no body lets pass.</summary>
    private const int NoBody = 1024;

    /// <summary>How long a body may take: it is small, and whoever is slower is holding a connection open.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>In front of routes that need no body.</summary>
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
    /// <exception cref="BadHttpRequestException">
    /// It did not arrive in time, or was broken. Left to the server, it would be logged as an error of the gateway.
    /// </exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit) return null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return ReadOnlyMemory<byte>.Empty;
        var buffer = new byte[limit + 1];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(Deadline);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, deadline.Token);
            if (length > limit) return null;
            return buffer.AsMemory(0, length);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }
    }
}
