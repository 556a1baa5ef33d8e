using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>The id that identifies a request in problem details (<c>traceId</c>) and in log lines.</summary>
internal static class RequestTraceId
{
    /// <summary>The id that the framework writes into problem details: the span's id where there is one, else the request's.</summary>
    public static string Of(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;
}
