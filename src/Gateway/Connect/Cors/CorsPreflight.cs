using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect.Cors;

/// <summary>
/// Refuses a preflight whose list of fields is none. The CORS middleware repeats <c>Access-Control-Request-Headers</c> in its answer as
/// it came, and the server throws where an answer's field holds a control character.
/// </summary>
internal static class CorsPreflight
{
    /// <summary>Names of fields (tokens, RFC 9110, section 5.6.2) in a list, with the blanks that a list may have.</summary>
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
