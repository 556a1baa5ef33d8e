namespace FathomGateway.Connect;

/// <summary>Whatever breaks in a way that nobody foresaw is answered like everything else that is not to be had at the moment, never with a blank page.</summary>
internal static partial class LastResort
{
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Broken(log, context.Request.Path, failure);
            await Problem.UnavailableAsync(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed in a way that was not foreseen.")]
    private static partial void Broken(ILogger log, PathString path, Exception failure);
}
