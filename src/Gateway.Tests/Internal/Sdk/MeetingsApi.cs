using System.Text.Json;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Internal.Sdk;

/// <summary>The part of the provider's API that the SDK is tried on, with answers of the shape that the SDK insists on.</summary>
internal static class MeetingsApi
{
    private const string Time = "2026-01-02T03:04:05Z";

    public static string Answer(WireMessage request) => request.Head.Method switch
    {
        "POST" => Response(
            201,
            new
            {
                id = "w1",
                url = "https://app.example.test/hook",
                secret = "s",
                created_at = Time,
                include_transcript = false,
                include_crm_matches = false,
                include_summary = true,
                include_action_items = false,
                triggered_for = (string[])["my_recordings"],
            }),
        "DELETE" => "HTTP/1.1 204 No Content\r\n\r\n",
        _ when request.Head.Target.Contains("cursor=last", StringComparison.Ordinal) => Page("second", null),
        _ => Page("first", "last"),
    };

    private static string Page(string title, string? cursor) =>
        Response(200, new { limit = 1, next_cursor = cursor, items = new[] { Meeting(title) } });

    private static object Meeting(string title) => new
    {
        title,
        meeting_title = (string?)null,
        recording_id = 1,
        url = "https://fathom.video/calls/1",
        share_url = "https://fathom.video/share/1",
        created_at = Time,
        scheduled_start_time = Time,
        scheduled_end_time = Time,
        recording_start_time = Time,
        recording_end_time = Time,
        calendar_invitees_domains_type = "only_internal",
        transcript_language = "en",
        calendar_invitees = Array.Empty<object>(),
        recorded_by = new { name = "Ann", email = "ann@example.test", email_domain = "example.test", team = (string?)null },
    };

    private static string Response(int status, object body)
    {
        var json = JsonSerializer.Serialize(body);
        return $"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}";
    }
}
