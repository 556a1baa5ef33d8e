using FathomGateway.Connect.Callback;
using FathomGateway.Settings.Responses;

namespace FathomGateway.Connect;

/// <summary>
/// Error responses of the routes that scripts call, as problem details (RFC 9457). The texts are fixed and reveal nothing of the request or
/// of a failure.
/// </summary>
internal static class ConnectProblem
{
    public static Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        const string Detail =
            "Send the user's JWT; it is missing, invalid or expired, names no user, or came from a page that may not send it.";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, "Sign in first", Detail);
    }

    public static Task TooManyAsync(HttpContext context, TimeSpan wait)
    {
        RetryAfterHeader.Write(context.Response, wait);
        return WriteAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            "Too many attempts",
            "This user has tried too often; wait as long as Retry-After says.");
    }

    public static Task UnavailableAsync(HttpContext context)
    {
        RetryAfterHeader.Write(context.Response, PauseWhileUnavailable);
        return WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "Connecting is not possible right now",
            "A part that connecting needs cannot be reached; try again as Retry-After says.");
    }

    public static Task MethodNotAllowedAsync(HttpContext context) => MethodNotAllowedAsync(context, HttpMethods.Get);

    public static Task MethodNotAllowedAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Method not allowed", $"Use {allowed}.");
    }

    public static Task NoConnectionAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "Not connected", "There is no connection to end.");

    public static Task QueryTooLongAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status414UriTooLong, "Query too long", "This route takes no query of this length.");

    public static Task BodyTooLargeAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status413PayloadTooLarge, "Body too large", "This route takes no body of this size.");

    /// <summary>
    /// For a body with broken framing, or one that did not arrive in time. The connection closes, because the next request cannot be told
    /// from the body.
    /// </summary>
    public static Task BrokenBodyAsync(HttpContext context, BadHttpRequestException broken)
    {
        context.Response.Headers.Connection = "close";
        return WriteAsync(context, broken.StatusCode, "Body not readable", "The body's framing is broken, or it did not arrive in time.");
    }

    public static Task NoFieldListAsync(HttpContext context) =>
        WriteAsync(
            context, StatusCodes.Status400BadRequest, "Not a preflight", "Access-Control-Request-Headers is no list of names of fields.");

    public static Task NotJsonAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "Not JSON", "Send the body as application/json.");

    public static Task NoHandleAsync(HttpContext context) =>
        WriteAsync(
            context,
            StatusCodes.Status400BadRequest,
            "No handle",
            "Send {\"handle\": …} with what followed #fathom_confirm= in the page's address.");

    /// <summary>For an attempt to connect that ended without a connection.</summary>
    public static Task AttemptFailedAsync(HttpContext context, CallbackOutcome outcome)
    {
        var status = outcome switch
        {
            _ when outcome == CallbackOutcome.InvalidState => StatusCodes.Status400BadRequest,
            _ when outcome == CallbackOutcome.NotConfirmed => StatusCodes.Status403Forbidden,
            _ when outcome == CallbackOutcome.ExpiredState => StatusCodes.Status410Gone,
            _ when outcome == CallbackOutcome.TemporarilyUnavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        };
        if (status == StatusCodes.Status503ServiceUnavailable) RetryAfterHeader.Write(context.Response, PauseWhileUnavailable);
        return WriteAsync(
            context, status, "Not connected", "The code says why, as on the return to the frontend.", [new(ErrorMember, outcome.Code)]);
    }

    /// <summary>Name of the member with the reason, as in the query of the frontend's return address.</summary>
    private const string ErrorMember = "fathom_error";

    /// <summary>The stores' clients reconnect every second or two.</summary>
    private static readonly TimeSpan PauseWhileUnavailable = TimeSpan.FromSeconds(5);

    private static Task WriteAsync(
        HttpContext context, int status, string title, string detail, IEnumerable<KeyValuePair<string, object?>>? members = null)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Problem(detail, statusCode: status, title: title, extensions: members).ExecuteAsync(context);
    }
}
