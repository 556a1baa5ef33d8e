namespace FathomGateway.Internal;

/// <summary>Runs the routes that take no method but GET and HEAD.</summary>
internal static class GetRoute
{
    /// <summary>Handles GET and HEAD. Answers 405 to other methods, <c>get</c> included: case matters (RFC 9110, section 9.1).</summary>
    public static Task AnswerAsync(HttpContext context, RequestDelegate handle) => context.Request.Method is "GET" or "HEAD"
        ? handle(context)
        : InternalProblem.MethodNotAllowedAsync(context, "GET, HEAD");
}
