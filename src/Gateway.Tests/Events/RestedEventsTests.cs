using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>The redelivery of all events that rest, as after an outage of the receiver of more than three days.</summary>
public sealed class RestedEventsTests(RealStores stores)
{
    /// <summary>More than one page.</summary>
    private const int Many = 1_200;

    private const int Users = 60;

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    [Trait("Speed", "Slow")]
    public async Task All_events_that_rest_are_redelivered_and_arrive_in_the_order_of_each_user(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        await stage.WriteRestedAsync(Many, Users);

        Assert.Equal((Many, 2), await RedeliverRestedAsync(stage));

        await Eventually.BecomesTrueAsync(
            async () => await stage.Outbox.ReadStatisticsAsync(Cancel) is { Waiting: 0, Rested: 0 },
            TimeSpan.FromMinutes(2),
            "all are delivered");
        var byUser = stage.Receiver.Received.GroupBy(one => one.UserId).ToArray();
        Assert.Equal(Users, byUser.Length);
        Assert.All(byUser, of => Assert.Equal(of.Select(one => one.Version).Order(), of.Select(one => one.Version)));
        Assert.Equal(Many, stage.Receiver.Received.Select(one => one.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Events_that_wait_or_were_delivered_are_not_redelivered_with_those_that_rest(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.WriteRestedAsync(3, 3);
        await stage.Database.ExecuteAsync("""
            UPDATE fathom_events
            SET created_at = rested_at, delivered_at = CASE WHEN version = 2 THEN rested_at END, rested_at = NULL WHERE version <> 1
            """);

        Assert.Equal((1, 1), await RedeliverRestedAsync(stage));

        var rows = await stage.RowsAsync();
        Assert.Equal(["waiting", "delivered", "waiting"], rows.Select(row => row.Status));
        Assert.Equal([0L, 60L, 60L], rows.Select(row => row.Attempts));
        Assert.Equal([true, false, false], rows.Select(row => row.RedeliveredAt is not null));
        Assert.True(rows[0].DueAt <= rows[0].Now, $"due at {rows[0].DueAt}");
        Assert.Equal((0, 1), await RedeliverRestedAsync(stage));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Redelivered_events_wait_for_an_attempt_of_their_user_that_is_under_way(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.WriteRestedAsync(2, 1);
        await stage.WriteAsync(1, 1);
        var leased = Assert.Single((await stage.Outbox.RecordAndLeaseAsync([], new LeaseLimits(1), Cancel)).Leased);

        Assert.Equal((2, 1), await RedeliverRestedAsync(stage));

        var rows = await stage.RowsAsync();
        Assert.Equal(rows[2].Id, leased.Id);
        Assert.All(rows, row => Assert.Equal((leased.Lease, true), (row.Lease, row.DueAt > row.Now)));
        EventResult delivered = new(leased, null, null);
        var next = Assert.Single((await stage.Outbox.RecordAndLeaseAsync([delivered], new LeaseLimits(1), Cancel)).Leased);
        Assert.Equal(rows[0].Id, next.Id);
    }

    /// <summary>The redelivered events are more than those that are read to find the oldest.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_redelivery_of_many_events_does_not_hide_how_long_another_one_has_waited(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.WriteRestedAsync(Many, Many);
        await stage.WriteAsync(1, 1);
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET created_at = {stage.Before("9000")} WHERE rested_at IS NULL");
        var waiting = Assert.Single((await stage.Outbox.PageAsync(StoredEvent.Waiting, 0, 1, Cancel)).Events);

        Assert.Equal((Many, 2), await RedeliverRestedAsync(stage));

        Assert.Equal(waiting.CreatedAt, (await stage.Outbox.ReadAgeAsync(Cancel)).Oldest!.Value);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing delivers.</summary>
    private Task<EventStage> StartAsync(string kind) => EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));

    private static async Task<(int Count, int Pages)> RedeliverRestedAsync(EventStage stage)
    {
        var (count, pages) = (0, 0);
        for (long? after = 0; after is { } last; pages++)
        {
            var page = await stage.Outbox.RedeliverRestedAsync(last, Cancel);
            (count, after) = (count + page.Count, page.Next);
        }

        return (count, pages);
    }
}
