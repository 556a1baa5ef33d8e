using System.Globalization;
using FathomGateway.Connect;

namespace FathomGateway.Sandbox.Provider;

/// <summary>The API that the tokens are for: <c>GET /v1/meetings?cursor=</c> in pages of <c>{limit, next_cursor, items}</c>.</summary>
internal static class MeetingsEndpoint
{
    private const int Limit = 3;
    private const string Scheme = "Bearer ";

    /// <summary>One page of meetings for the bearer of a good access token, 401 otherwise (RFC 6750 §3.1).</summary>
    public static IResult List(HttpContext context, Grants grants, string? cursor = null)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !grants.Accepts(authorization[Scheme.Length..].Trim()))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Results.Json(new { Error = "invalid_token" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        if (!int.TryParse(cursor ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return Results.Json(new { Error = "invalid_cursor" }, statusCode: StatusCodes.Status400BadRequest);

        var end = Math.Min((long)start + Limit, Meeting.Samples.Count);
        return Results.Json(new
        {
            Limit,
            NextCursor = end < Meeting.Samples.Count ? end.ToString(CultureInfo.InvariantCulture) : null,
            Items = Meeting.Samples.Skip(start).Take(Limit),
        });
    }
}
