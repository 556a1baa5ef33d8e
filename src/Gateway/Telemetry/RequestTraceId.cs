using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>
/// What a request is found again by: the <c>traceId</c> that a problem answer tells its caller stands in the log line, too.
/// </summary>
internal static class RequestTraceId
{
    /// <summary>As the framework writes it into problem details: the id of the span where there is one, else that of the request.</summary>
    public static string Of(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;
}
