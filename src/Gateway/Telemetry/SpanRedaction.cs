using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>Takes out of a request's span what must not leave the process: the query, which holds codes and states, and user ids in paths.</summary>
/// <remarks>The instrumentation masks the values of a query itself, unless an environment variable asks otherwise; none may.</remarks>
internal static class SpanRedaction
{
    private const string ConnectionsPath = "/connections/";

    public static void Clean(Activity span, HttpRequest request)
    {
        span.SetTag("url.query", null);
        if (request.Path.StartsWithSegments("/connections")) span.SetTag("url.path", ConnectionsPath + "{userId}");
    }
}
