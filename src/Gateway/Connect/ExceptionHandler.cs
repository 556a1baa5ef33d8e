using FathomGateway.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Connect;

/// <summary>Handles unexpected exceptions of the gateway's own routes: logs them and answers 503.</summary>
internal static partial class ExceptionHandler
{
    /// <param name="route">The route's own path. The request's path has many spellings, and each would be a kind of log line.</param>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, string route, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException)
        {
            // The client disconnected while its body was read. The server cancels RequestAborted only afterwards, and would log an error if
            // the exception continued.
            context.Abort();
        }
        catch (Exception failure) when (
            failure is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Broken(log, route, RequestTraceId.Of(context), failure);
            await ConnectProblem.UnavailableAsync(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed with an unexpected exception (trace {TraceId}).")]
    private static partial void Broken(ILogger log, string path, string traceId, Exception failure);
}
