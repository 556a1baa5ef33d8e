using System.IO.Pipelines;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Reads and drops what a client still sends after its final response, as nginx's <c>lingering_close</c> does. Closing a connection while
/// bytes arrive resets it, and the client may lose the response it has not read yet (RFC 9112, section 9.6).
/// </summary>
internal static class LingeringClose
{
    /// <summary>
    /// Time limit for the next bytes and for all of them; the defaults of nginx's <c>lingering_timeout</c> and <c>lingering_time</c>.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5), Limit = TimeSpan.FromSeconds(30);

    /// <summary>Returns at the end of the body or of the connection, or when the time is over.</summary>
    public static async Task DrainAsync(HttpContext context, RequestBody body)
    {
        // Over HTTP/2 the server resets the stream. A body that was never asked for does not arrive.
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
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone or silent, so nothing is left to protect.
        }
    }
}
