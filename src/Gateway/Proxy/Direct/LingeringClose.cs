using System.IO.Pipelines;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Reads what a client goes on sending after it has had its final response. A connection that is closed while bytes arrive is reset, and the
/// client may lose the response that it has not read yet (RFC 9112, section 9.6): nginx lingers for the same reason.
/// </summary>
internal static class LingeringClose
{
    /// <summary>How long is waited for the next bytes, and for all of them: nginx's <c>lingering_timeout</c> and <c>lingering_time</c>.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5), Limit = TimeSpan.FromSeconds(30);

    /// <summary>Returns at the end of the body or of the connection, or when the time is over.</summary>
    public static async Task DrainAsync(HttpContext context, RequestBody body)
    {
        // Over HTTP/2 the server resets the stream by itself. A body that was never asked for does not come.
        if (!body.HasStarted || body.ClientFailure is not null || !ForwardedRequest.IsHttp1(context.Request.Protocol)) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var reader = context.Request.BodyReader;
        var end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        try
        {
            ReadResult result;
            do
            {
                limit.CancelAfter(Pause);
                result = await reader.ReadAsync(limit.Token);
                reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && Environment.TickCount64 < end);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException or BadHttpRequestException)
        {
            // The client is gone, or silent: nothing is left to protect.
        }
    }
}
