using System.Globalization;

namespace FathomGateway.Connect;

/// <summary>Refusals of the gateway's own routes as problem details (RFC 9457). The texts are fixed: nothing of the request or of a failure shows.</summary>
internal static class Problem
{
    public static Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, "Sign in first", "Send the user's JWT as a bearer token; this one is missing, invalid or expired, or names no user.");
    }

    public static Task TooManyAsync(HttpContext context, TimeSpan wait)
    {
        RetryAfter(context, wait);
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many attempts", "This user has begun to connect too often; wait as long as Retry-After says.");
    }

    public static Task UnavailableAsync(HttpContext context)
    {
        RetryAfter(context, PauseWhileUnavailable);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Connecting is not possible right now", "A part that connecting needs cannot be reached; try again as Retry-After says.");
    }

    public static Task MethodNotAllowedAsync(HttpContext context) => MethodNotAllowedAsync(context, HttpMethods.Get);

    public static Task MethodNotAllowedAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Method not allowed", $"Use {allowed}.");
    }

    public static Task NotConnectedAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "Not connected", "There is no connection to end.");

    /// <summary>The stores' clients try to reconnect every second or two.</summary>
    private static readonly TimeSpan PauseWhileUnavailable = TimeSpan.FromSeconds(5);

    private static void RetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Problem(detail, statusCode: status, title: title).ExecuteAsync(context);
    }
}
