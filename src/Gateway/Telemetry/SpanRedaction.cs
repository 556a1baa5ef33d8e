using System.Diagnostics;

namespace FathomGateway.Telemetry;

/// <summary>Removes private data from a request's span: the query, which holds codes and states, and user ids in paths.</summary>
/// <remarks>The instrumentation masks query values unless an environment variable disables that. Here no variable can.</remarks>
internal static class SpanRedaction
{
    private const string ConnectionsPath = "/connections/";

    public static void Clean(Activity span, HttpRequest request)
    {
        span.SetTag("url.query", null);
        if (request.Path.StartsWithSegments("/connections")) span.SetTag("url.path", ConnectionsPath + "{userId}");
    }
}
