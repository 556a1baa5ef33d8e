using System.Net;
using System.Text.Json;
using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary><c>GET /events</c> by status, for pages of any size.</summary>
public sealed class EventListTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_of_events_of_any_size_list_each_event_of_a_status_once_and_in_order(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.WriteRestedAsync(9, 3);
        await stage.Database.ExecuteAsync("""
            UPDATE fathom_events
            SET created_at = rested_at, delivered_at = CASE WHEN version % 3 = 0 THEN rested_at END, rested_at = NULL
            WHERE version % 3 <> 2
            """);

        foreach (var limit in new[] { 1, 2, 3, 4, 9, 1000 })
        {
            Assert.Equal([1L, 4L, 7L], (await AllAsync(stage, $"limit={limit}&status=waiting")).Select(Version));
            Assert.Equal([2L, 5L, 8L], (await AllAsync(stage, $"limit={limit}&status=rested")).Select(Version));
            Assert.Equal([3L, 6L, 9L], (await AllAsync(stage, $"limit={limit}&status=delivered")).Select(Version));
            Assert.Equal(
                [1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L], (await AllAsync(stage, $"limit={limit}&status=")).Select(Version));
        }
    }

    [Theory]
    [InlineData("status=lost")]
    [InlineData("status=Rested")]
    [InlineData("status=rested&status=rested")]
    public async Task A_status_that_no_event_can_have_is_refused_with_those_that_it_can_have(string query)
    {
        await using var stage = await StartAsync(TokenDatabase.Sqlite);
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"events?{query}");

        var problem = await InternalCalls.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal("status is waiting, delivered or rested, once.", problem.GetProperty("detail").GetString());
    }

    /// <summary>The pages are short, and each looks at a bounded number of rows.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_long_outbox_is_read_by_status_in_bounded_pages(string kind)
    {
        const int Rows = 45_000;
        await using var stage = await StartAsync(kind);
        await stage.WriteRestedAsync(Rows, 10);
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET created_at = rested_at, rested_at = NULL WHERE version = {Rows}");

        var (pages, found) = (0, 0);
        for (long? after = 0; after is { } last; pages++)
        {
            var page = await stage.Outbox.PageAsync(StoredEvent.Waiting, last, 100, TestContext.Current.CancellationToken);
            (found, after) = (found + page.Events.Count, page.Next?.Seq);
        }

        Assert.Equal((3, 1), (pages, found));
    }

    /// <summary>Nothing delivers.</summary>
    private Task<EventStage> StartAsync(string kind) => EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));

    private static async Task<List<JsonElement>> AllAsync(EventStage stage, string query)
    {
        List<JsonElement> all = [];
        for (var after = ""; ;)
        {
            var page = await stage.Gateway.JsonAsync(HttpMethod.Get, $"events?{query}&after={after}");
            all.AddRange(page.GetProperty("events").EnumerateArray());
            if (page.GetProperty("next").GetString() is not { } next) return all;
            after = next;
        }
    }

    private static long Version(JsonElement listed) => listed.GetProperty("data").GetProperty("version").GetInt64();
}
