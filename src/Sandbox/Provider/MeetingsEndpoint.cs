using System.Globalization;

namespace FathomGateway.Sandbox.Provider;

/// <summary>The API that the tokens are for: <c>GET /v1/meetings?cursor=</c> in pages of <c>{limit, next_cursor, items}</c>.</summary>
internal static class MeetingsEndpoint
{
    private const int Limit = 3;

    /// <summary>One page of the meetings of the account that the access token is for.</summary>
    public static IResult List(HttpContext context, BearerAccess access, string? cursor = null) => access.Answer(context, account =>
    {
        if (!int.TryParse(cursor ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return Results.Json(new { Error = "invalid_cursor" }, statusCode: StatusCodes.Status400BadRequest);

        var end = Math.Min((long)start + Limit, account.Meetings.Count);
        return Results.Json(new
        {
            Limit,
            NextCursor = end < account.Meetings.Count ? end.ToString(CultureInfo.InvariantCulture) : null,
            Items = account.Meetings.Skip(start).Take(Limit).Select(meeting => Shown(meeting, account)),
        });
    });

    /// <summary>A meeting as the API and the webhooks write it.</summary>
    public static object Shown(Meeting meeting, Account account) => new
    {
        meeting.RecordingId,
        meeting.Title,
        meeting.CreatedAt,
        meeting.Url,
        RecordedBy = new { account.Name, account.Email },
    };
}
