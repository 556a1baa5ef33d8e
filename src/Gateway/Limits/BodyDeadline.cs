namespace FathomGateway.Limits;

/// <summary>The time limit of a body that the gateway reads itself. A slower client would only keep a connection open.</summary>
internal static class BodyDeadline
{
    /// <param name="read">Reads the body, and is cancelled at the end of the time or when the client disconnects.</param>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time (408), or it ended early or is broken.</exception>
    public static async Task ReadAsync(HttpContext context, TimeSpan limit, Func<Stream, CancellationToken, ValueTask> read)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(limit);
        try
        {
            await read(context.Request.Body, deadline.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }
    }
}
