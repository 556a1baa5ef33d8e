using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A result that is recorded twice, as after a commit whose answer was lost, or after the lease has ended.</summary>
public sealed class EventResultTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_failure_that_is_recorded_twice_counts_as_one_attempt(string kind)
    {
        await using var stage = await StartAsync(kind);
        var failed = Failed(await LeaseAsync(stage));

        await RecordAsync(stage, failed);
        var once = (await stage.RowsAsync()).Single();
        await RecordAsync(stage, failed);

        Assert.Equal(1, once.Attempts);
        Assert.Equal(once with { Now = default }, (await stage.RowsAsync()).Single() with { Now = default });
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_that_is_recorded_twice_ends_no_redelivery_that_was_asked_for_meanwhile(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);
        var delivered = new EventResult(leased, null, null);

        await RecordAsync(stage, delivered);
        Assert.Equal("delivered", (await stage.RowsAsync()).Single().Status);
        Assert.True(await stage.Outbox.RedeliverAsync(leased.Seq, leased.Suffix, Cancel));
        await RecordAsync(stage, delivered);

        var row = (await stage.RowsAsync()).Single();
        Assert.Equal(("waiting", 0L, true), (row.Status, row.Attempts, row.DueAt <= row.Now));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_is_recorded_after_its_lease_has_expired_while_no_replica_has_taken_the_queue(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);
        await stage.IsDueAsync(leased.UserId);

        await RecordAsync(stage, new EventResult(leased, null, null));

        Assert.Equal("delivered", (await stage.RowsAsync()).Single().Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_that_is_recorded_twice_ends_no_redelivery_while_the_next_event_of_its_user_is_tried(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage, count: 2);
        var delivered = new EventResult(leased, null, null);

        Assert.Single((await stage.Outbox.RecordAndLeaseAsync([delivered], new LeaseLimits(1), Cancel)).Leased);
        Assert.True(await stage.Outbox.RedeliverAsync(leased.Seq, leased.Suffix, Cancel));
        await RecordAsync(stage, delivered);

        Assert.Equal(["waiting", "waiting"], (await stage.RowsAsync()).Select(row => row.Status));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_failure_does_not_count_after_another_replica_has_taken_the_queue(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);
        await stage.Database.ExecuteAsync($"UPDATE fathom_event_queues SET lease_owner = '{Guid.NewGuid()}'");

        await RecordAsync(stage, Failed(leased));

        Assert.Equal(0, (await stage.RowsAsync()).Single().Attempts);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_of_a_former_lease_is_not_recorded_with_one_of_the_present_lease(string kind)
    {
        await using var stage = await StartAsync(kind);
        var former = await LeaseAsync(stage, users: 2);
        await stage.IsDueAsync(former.UserId);
        var leased = (await stage.Outbox.RecordAndLeaseAsync([], new LeaseLimits(2), Cancel)).Leased;
        var other = leased.Single(one => one.UserId != former.UserId);

        await RecordAsync(stage, new EventResult(former, null, null), new EventResult(other, null, null));

        Assert.Equal("waiting", (await stage.RowOfAsync(former.UserId)).Status);
        Assert.Equal("delivered", (await stage.RowOfAsync(other.UserId)).Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_attempt_that_the_gateway_has_ended_does_not_count(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);

        await RecordAsync(stage, new EventResult(leased, "the gateway stopped", TimeSpan.Zero, IsCounted: false));

        var row = (await stage.RowsAsync()).Single();
        Assert.Equal(("waiting", 0L, true, (Guid?)null), (row.Status, row.Attempts, row.DueAt <= row.Now, row.Lease));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing delivers, so the test holds the leases.</summary>
    private Task<EventStage> StartAsync(string kind) => EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));

    private static EventResult Failed(StoredEvent leased) => new(leased, "status 500", TimeSpan.FromHours(1));

    /// <summary>Writes one event for each user, or so many for one, and leases one queue.</summary>
    private static async Task<StoredEvent> LeaseAsync(EventStage stage, int count = 1, int users = 1)
    {
        await stage.WriteAsync(Math.Max(count, users), users);
        return Assert.Single((await stage.Outbox.RecordAndLeaseAsync([], new LeaseLimits(1), Cancel)).Leased);
    }

    private static async Task RecordAsync(EventStage stage, params EventResult[] results) =>
        await stage.Outbox.RecordAndLeaseAsync(results, default, Cancel);
}
