using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect.Cors;

/// <summary>
/// Refuses a preflight with an invalid field list. The CORS middleware copies <c>Access-Control-Request-Headers</c> into its response, and
/// the server throws for control characters in a field.
/// </summary>
internal static class CorsPreflight
{
    /// <summary>Characters of a list of field names (tokens, RFC 9110, section 5.6.2), with the whitespace of a list.</summary>
    private static readonly SearchValues<char> FieldList =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz, \t");

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var asked = context.Request.Headers[HeaderNames.AccessControlRequestHeaders];
        foreach (var line in asked)
        {
            if (line.AsSpan().ContainsAnyExcept(FieldList)) return ConnectProblem.NoFieldListAsync(context);
        }

        return next(context);
    }
}
