using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Queues that a clock has left behind, and events that a replica is delivering.</summary>
public sealed class EventSweepTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    /// <summary>As after a fail-over to a database whose clock is behind.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_sweep_makes_queues_due_that_a_clock_which_went_back_has_left_behind(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.WriteAsync(3, 3);
        await DueInAsync(stage, "user-0", "3600");
        await stage.Database.ExecuteAsync($"UPDATE fathom_event_queues SET lease_owner = '{Guid.NewGuid()}' WHERE user_id = 'user-0'");
        await DueInAsync(stage, "user-1", "90000");
        await DueInAsync(stage, "user-2", "80000");

        await SweepAsync(stage);

        // The attempt of the lease may still run. A receiver may ask for a pause of a day.
        var (leased, late, paused) = (await stage.RowOfAsync("user-0"), await stage.RowOfAsync("user-1"), await stage.RowOfAsync("user-2"));
        Assert.InRange(leased.DueAt!.Value, leased.CreatedAt, leased.Now.AddSeconds(30));
        Assert.True(late.DueAt <= late.Now, $"due at {late.DueAt}");
        Assert.True(paused.DueAt > paused.Now.AddHours(20), $"due at {paused.DueAt}");
    }

    [Fact]
    public async Task A_locked_queue_does_not_keep_the_sweep_from_making_another_one_due()
    {
        await using var stage = await StartAsync(TokenDatabase.Postgres);
        await stage.WriteAsync(2, 2);
        await DueInAsync(stage, "user-0", "172800");
        await DueInAsync(stage, "user-1", "172800");
        await using var holder = await PostgresTestDatabase.OpenAsync(stage.Database.Url!);
        await using var transaction = await holder.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand("SELECT 1 FROM fathom_event_queues WHERE user_id = 'user-0' FOR UPDATE", holder))
            await take.ExecuteNonQueryAsync(Cancel);

        await SweepAsync(stage);

        var (locked, other) = (await stage.RowOfAsync("user-0"), await stage.RowOfAsync("user-1"));
        Assert.True(other.DueAt <= other.Now, $"due at {other.DueAt}");
        Assert.True(locked.DueAt > locked.Now.AddDays(1), $"due at {locked.DueAt}");
        await transaction.RollbackAsync(Cancel);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_lease_that_ends_far_in_the_future_does_not_hold_back_a_redelivery(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);
        await DueInAsync(stage, leased.UserId, "3600");

        Assert.True(await stage.Outbox.RedeliverAsync(leased.Seq, leased.Suffix, Cancel));

        Assert.Equal(leased.Seq, (await LeaseNextAsync(stage)).Seq);
    }

    /// <summary>This replica has no receiver, and the other one has.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_another_replica_is_delivering_does_not_rest(string kind)
    {
        await using var stage = await StartAsync(kind);
        var leased = await LeaseAsync(stage);
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET created_at = {stage.Before("270000")}");

        await SweepAsync(stage);

        Assert.Equal("waiting", (await stage.RowOfAsync(leased.UserId)).Status);
        await stage.Outbox.RecordAndLeaseAsync([new EventResult(leased, null, null)], default, Cancel);
        Assert.Equal("delivered", (await stage.RowOfAsync(leased.UserId)).Status);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing delivers, so the test holds the leases.</summary>
    private Task<EventStage> StartAsync(string kind) => EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));

    private static async Task<StoredEvent> LeaseAsync(EventStage stage)
    {
        await stage.WriteAsync(1, 1);
        return await LeaseNextAsync(stage);
    }

    private static async Task<StoredEvent> LeaseNextAsync(EventStage stage) =>
        Assert.Single((await stage.Outbox.RecordAndLeaseAsync([], new LeaseLimits(1), Cancel)).Leased);

    private static Task DueInAsync(EventStage stage, string user, string seconds) =>
        stage.Database.ExecuteAsync($"UPDATE fathom_event_queues SET due_at = {stage.Before($"-{seconds}")} WHERE user_id = '{user}'");

    private static Task SweepAsync(EventStage stage) => stage.Gateway.Services.GetRequiredService<EventSweep>().RunAsync(Cancel);
}
