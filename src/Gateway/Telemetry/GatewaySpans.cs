using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>
/// The gateway's own spans, where the libraries' instrumentation would expose too much: keys of Redis commands are nonces, and a call to
/// the provider would get trace headers.
/// </summary>
/// <remarks>
/// Spans exist only within a request, because periodic work would fill the collector. Null where no collector is configured.
/// </remarks>
internal static class GatewaySpans
{
    private static readonly ActivitySource Source = new(GatewayMetrics.Name);

    /// <param name="operation">The gateway's name of the operation, never a key or a value.</param>
    public static Activity? Redis(string operation) =>
        Start($"redis {operation}")?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);

    /// <param name="endpoint">A configured address, never one with a user id or a query.</param>
    public static Activity? Provider(string method, Uri endpoint) =>
        Start($"{method} {endpoint.AbsolutePath}")
            ?.SetTag("http.request.method", method)
            .SetTag("server.address", endpoint.Host)
            .SetTag("server.port", endpoint.Port);

    /// <param name="outcome"><c>ok</c>, or a word for the failure.</param>
    public static void End(Activity? span, string outcome)
    {
        if (outcome != "ok") span?.SetStatus(ActivityStatusCode.Error, outcome);
    }

    private static Activity? Start(string name) => Activity.Current is null ? null : Source.StartActivity(name, ActivityKind.Client);
}
