using System.Net;
using System.Text.Json;
using FathomGateway.Internal;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary><c>GET /events</c> and <c>POST /events/{id}/redeliver</c>.</summary>
public sealed class EventRoutesTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Events_are_listed_with_their_status_and_redelivered_on_request(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        stage.Receiver.Answer = told => Task.FromResult(told.UserId == "ben" ? EventReceiver.Status(500) : EventReceiver.Ok);
        foreach (var user in (string[])["ann", "ben", "cid"]) await stage.Gateway.StoreAsync(user, "access-canary", "refresh-canary");
        await stage.BecomesAsync("cid", "delivered");
        await stage.IsAsync(rows => rows[1].Attempts == 1, "ben's was tried");
        await stage.BecomesAsync("ann", "delivered");

        var first = await stage.Gateway.JsonAsync(HttpMethod.Get, "events?limit=2");
        var last = await stage.Gateway.JsonAsync(HttpMethod.Get, $"events?limit=2&after={first.GetProperty("next").GetString()}");
        var (ann, ben) = (first.GetProperty("events")[0], first.GetProperty("events")[1]);
        Assert.Equal((2, 1), (first.GetProperty("events").GetArrayLength(), last.GetProperty("events").GetArrayLength()));
        Assert.Null(last.GetProperty("next").GetString());
        Assert.Equal(("delivered", "1", "connection.connected", ""), Of(ann));
        Assert.Equal(("waiting", "1", "connection.connected", "status 500"), Of(ben));
        Assert.Equal("ben", ben.GetProperty("data").GetProperty("user_id").GetString());
        Assert.True(ben.GetProperty("next_attempt_at").GetDateTimeOffset() > ben.GetProperty("timestamp").GetDateTimeOffset());
        Assert.DoesNotContain("canary", $"{first}{last}", StringComparison.Ordinal);

        var id = ann.GetProperty("id").GetString()!;
        using var again = await stage.Gateway.InternalAsync(HttpMethod.Post, $"events/{id}/redeliver");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await stage.Receiver.CameAgainAsync(id);
    }

    [Fact]
    public async Task Unknown_events_and_malformed_requests_to_the_event_routes_are_refused()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        foreach (var id in (string[])["evt_1_00000000", "evt_9999999999999999999_00000000", "evt_99999999999999999999_00000000", "x"])
        {
            using var response = await stage.Gateway.InternalAsync(HttpMethod.Post, $"events/{id}/redeliver");
            await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "no_such_event");
        }

        using var after = await stage.Gateway.InternalAsync(HttpMethod.Get, "events?after=17");
        await InternalCalls.IsProblemAsync(after, HttpStatusCode.BadRequest, "invalid_request");
        using var keyless = await stage.Gateway.InternalAsync(HttpMethod.Post, "events/evt_1_00000000/redeliver", key: "another");
        await InternalCalls.IsProblemAsync(keyless, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Another_spelling_of_an_events_id_redelivers_nothing()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        await stage.BecomesAsync("ann", "delivered");
        var id = (await stage.RowOfAsync("ann")).Id;

        foreach (var other in (string[])[$"{id}%0A", id.Replace("evt_", "evt_0", StringComparison.Ordinal), id.ToUpperInvariant()])
        {
            using var response = await stage.Gateway.InternalAsync(HttpMethod.Post, $"events/{other}/redeliver");
            await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "no_such_event");
        }

        Assert.Equal("delivered", (await stage.RowOfAsync("ann")).Status);
    }

    [Theory]
    [InlineData("1001")]
    [InlineData("3000000000")]
    [InlineData("99999999999999999999999999")]
    public void A_limit_beyond_the_largest_page_is_taken_for_the_largest_page(string limit)
    {
        var paging = Paging.Read(new QueryCollection(new Dictionary<string, StringValues> { ["limit"] = limit }));

        Assert.Equal(ConnectionList.MaxPageSize, paging!.Value.Limit);
    }

    private static (string, string, string, string) Of(JsonElement listed) =>
        (Text(listed, "status"), Text(listed, "attempts"), Text(listed, "type"), Text(listed, "last_result"));

    private static string Text(JsonElement listed, string name) => $"{listed.GetProperty(name)}";
}
