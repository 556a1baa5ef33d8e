using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>
/// Spans of the gateway's own, for what the libraries' instrumentation tells too much of: a Redis command's keys are nonces, and a call to the provider
/// would be given trace headers.
/// </summary>
/// <remarks>Only within the request that needs it: what looks around every few seconds would fill the collector. Null where nobody collects spans.</remarks>
internal static class GatewaySpans
{
    private static readonly ActivitySource Source = new(GatewayMetrics.Name);

    /// <param name="operation">What Redis is asked for, in our words: never a key, never a value.</param>
    public static Activity? Redis(string operation) => Start($"redis {operation}")?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);

    /// <param name="endpoint">An address of the configuration: never one with a user's id or a query.</param>
    public static Activity? Provider(string method, Uri endpoint) =>
        Start($"{method} {endpoint.AbsolutePath}")?.SetTag("http.request.method", method).SetTag("server.address", endpoint.Host).SetTag("server.port", endpoint.Port);

    /// <param name="outcome"><c>ok</c>, or a word for what it was instead.</param>
    public static void End(Activity? span, string outcome)
    {
        if (outcome != "ok") span?.SetStatus(ActivityStatusCode.Error, outcome);
    }

    private static Activity? Start(string name) => Activity.Current is null ? null : Source.StartActivity(name, ActivityKind.Client);
}
