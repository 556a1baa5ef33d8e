using System.Diagnostics;
using FathomGateway.Settings;

namespace FathomGateway.Telemetry;

/// <summary>Writes one log line per request where ACCESS_LOG is on. Lines never hold a query or a header.</summary>
internal static partial class AccessLog
{
    public const string AccessLogName = "ACCESS_LOG";
    private const string Category = "FathomGateway.Telemetry.AccessLog";

    /// <summary>Adds nothing to the pipeline while the setting is off.</summary>
    public static IApplicationBuilder UseAccessLog(this IApplicationBuilder app, SettingsReader settings)
    {
        if (!settings.Flag(AccessLogName)) return app;
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        return app.Use(next => async context =>
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var (request, elapsed, trace) = (context.Request, Stopwatch.GetElapsedTime(begun), RequestTraceId.Of(context));
                Served(
                    log, request.Method, request.Path, request.Protocol, context.Response.StatusCode, (int)elapsed.TotalMilliseconds,
                    context.RequestAborted.IsCancellationRequested, trace);
            }
        });
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Method} {Path} {Protocol} {Status} {Milliseconds} ms, aborted: {Aborted}, trace {TraceId}")]
    private static partial void Served(
        ILogger log, string method, PathString path, string protocol, int status, int milliseconds, bool aborted, string traceId);
}
