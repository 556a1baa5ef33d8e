using FathomGateway.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Connect;

/// <summary>
/// Whatever breaks in a way that nobody foresaw is answered like everything else that is not to be had at the moment, never with a blank
/// page.
/// </summary>
internal static partial class ExceptionHandler
{
    /// <param name="route">The route's own path: the request's may be spelled in a thousand ways, and each would be a kind of log line of
    /// its own.</param>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, string route, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException)
        {
            // The client has gone while its body was read; the server tells that to RequestAborted only afterwards, and logs an error if
            // the failure passes on.
            context.Abort();
        }
        catch (Exception failure) when (
            failure is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Broken(log, route, RequestTraceId.Of(context), failure);
            await ConnectProblem.UnavailableAsync(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed in a way that was not foreseen (trace {TraceId}).")]
    private static partial void Broken(ILogger log, string path, string traceId, Exception failure);
}
