using FathomGateway.Settings.Responses;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>
/// Error responses of the internal listener as problem details (RFC 9457). The member <c>error</c> holds a fixed code for programs.
/// </summary>
internal static partial class InternalProblem
{
    public static Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(
            context,
            StatusCodes.Status401Unauthorized,
            "unauthorized",
            "API key wanted",
            $"Send the value of {InternalApiKey.ApiKeyName} as a bearer token.");
    }

    public static Task BadRequestAsync(HttpContext context, string detail) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_request", "Bad request", detail);

    /// <summary>
    /// For a body with broken framing, or one that did not arrive in time. The connection closes, because the next request cannot be told
    /// from the body.
    /// </summary>
    public static Task BrokenBodyAsync(HttpContext context, int status)
    {
        context.Response.Headers.Connection = "close";
        return WriteAsync(
            context, status, "invalid_request", "Body not readable", "The body's framing is broken, or it did not arrive in time.");
    }

    public static Task MethodNotAllowedAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "Method not allowed", $"Use {allowed}.");
    }

    public static Task NoSuchRouteAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "no_such_route", "No such route", "GET /openapi.json lists the routes.");

    public static Task NotConnectedAsync(HttpContext context) =>
        WriteAsync(
            context, StatusCodes.Status404NotFound, "not_connected", "Not connected", "The user has not connected, or has disconnected.");

    /// <param name="status">409 for a token request; 403 in the relay, because the provider's SDK hides 401 and throws for 403.</param>
    public static Task ReconnectRequiredAsync(HttpContext context, int status, ReconnectRequired reconnect) => WriteAsync(
        context, status, "reconnect_required", "Reconnect required", "Only the user can fix this connection, by connecting again.",
        ("reconnect_reason", reconnect.Reason), ("reconnect_at", reconnect.At));

    public static Task UnavailableAsync(HttpContext context, TimeSpan wait)
    {
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(InternalProblem));
        Unavailable(log, RequestTraceId.Of(context));
        RetryAfterHeader.Write(context.Response, wait);
        return WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "Not possible right now",
            "The provider or the database is unavailable; try again after Retry-After.");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request of the backend was answered 503 because the provider or the database is unavailable (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId);

    public static Task WriteAsync(
        HttpContext context, int status, string error, string title, string detail, params IEnumerable<(string Name, object Value)> more)
    {
        context.Response.Headers.CacheControl = "no-store";
        var members = more.Prepend(("error", error)).ToDictionary(member => member.Item1, member => (object?)member.Item2);
        return TypedResults.Problem(detail, statusCode: status, title: title, extensions: members).ExecuteAsync(context);
    }
}
