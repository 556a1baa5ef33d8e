using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Results are recorded together in time, and what one user waits for delays no other.</summary>
public sealed class EventRecordTests(RealStores stores)
{
    private const int Many = 32;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Tables => ["fathom_events", "fathom_event_queues"];

    /// <summary>A round trip for each of the failures would take longer than a transaction may.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Failures_of_many_users_are_recorded_in_a_database_that_is_far_away()
    {
        var url = await stores.NewDatabaseAsync();
        await using var path = FaultProxy.Start(new Uri(url).Port);
        await using var stage = await EventStage.StartAsync(
            stores,
            TokenDatabase.Postgres,
            ("DATABASE_URL", PostgresTestDatabase.Through(url, path.Port)),
            ("EVENTS_URL", null),
            ("EVENTS_SECRET", null));
        await stage.Gateway.Services.GetRequiredService<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, Cancel);
        await PostgresTestDatabase.QueryAsync(url, $"""
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT lpad(to_hex(i), 8, '0'), 'user-' || i, 'connection.connected', 1, now() FROM generate_series(1, {Many}) AS i;
            INSERT INTO fathom_event_queues (user_id, due_at) SELECT user_id, created_at FROM fathom_events
            """);
        var leased = (await stage.Outbox.RecordAndLeaseAsync([], new LeaseLimits(Many), Cancel)).Leased;
        EventResult[] failures = [.. leased.Select(one => new EventResult(one, "status 500", TimeSpan.FromMinutes(one.Seq)))];

        path.ToServer.Latency = Database.StoreTimeout / Many;
        await stage.Outbox.RecordAndLeaseAsync(failures, default, Cancel);
        path.ToServer.Latency = TimeSpan.Zero;

        var rows = await stage.RowsAsync();
        Assert.Equal(Many, rows.Count);
        Assert.All(rows, row => Assert.Equal((1L, "status 500"), (row.Attempts, row.LastResult)));
        // Each queue has the pause of its own failure.
        Assert.All(rows, row => Assert.InRange(
            row.DueAt!.Value, row.CreatedAt.AddMinutes(row.Seq), row.Now.AddMinutes(row.Seq)));
    }

    /// <summary>As an operator who has changed a row by hand and not committed yet.</summary>
    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_row_that_another_transaction_has_locked_delays_its_own_user_alone(string table)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Receiver.Answer = told => told.UserId == "ann" ? answer.Task : Task.FromResult(EventReceiver.Ok);
        await stage.Stage.LinkAsync("ann");
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count == 1, Soon, "an attempt is under way");
        await using var other = await stage.Database.OpenAsync();
        await other.ExecuteAsync($"BEGIN; UPDATE {table} SET user_id = user_id WHERE user_id = 'ann'", cancel: Cancel);
        answer.SetResult(EventReceiver.Ok);

        foreach (var user in (string[])["ben", "cid", "dan"])
        {
            await stage.Stage.LinkAsync(user);
            await stage.BecomesAsync(user, "delivered");
        }

        Assert.Equal("waiting", (await stage.RowOfAsync("ann")).Status);
        await other.ExecuteAsync("ROLLBACK", cancel: Cancel);
        await stage.BecomesAsync("ann", "delivered");
        Assert.Single(stage.Receiver.Of("ann"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
