using System.Text.RegularExpressions;
using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>What happens to waiting events when <c>EVENTS_URL</c> is taken away.</summary>
public sealed class EventsWithoutReceiverTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Waiting_events_without_EVENTS_URL_rest_after_three_days_and_can_be_redelivered(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await WriteAsync(stage, "ann", "270000");
        await WriteAsync(stage, "ben", "270000");
        await WriteAsync(stage, "ben", "250000");

        await SweepAsync(stage);

        var rows = await stage.RowsAsync();
        Assert.Equal(["rested", "rested", "waiting"], rows.Select(row => row.Status));
        Assert.Equal([EventOutbox.NoReceiver, EventOutbox.NoReceiver, null], rows.Select(row => row.LastResult));
        // A queue stays while an event waits in it; other queues are removed.
        Assert.Equal([null, true, true], rows.Select(row => row.DueAt is null ? (bool?)null : true));

        Assert.True(StoredEvent.TryParseId(rows[0].Id, out var seq, out var suffix));
        Assert.True(await stage.Outbox.RedeliverAsync(seq, suffix, Cancel));
        var again = await stage.RowOfAsync("ann");
        Assert.Equal(("waiting", true), (again.Status, again.DueAt is not null));

        // It has three days from now on, and no longer.
        await SweepAsync(stage);
        Assert.Equal("waiting", (await stage.RowOfAsync("ann")).Status);
        await stage.Database.ExecuteAsync(
            $"UPDATE fathom_events SET redelivered_at = {stage.Before("270000")} WHERE redelivered_at IS NOT NULL");
        await SweepAsync(stage);
        Assert.Equal("rested", (await stage.RowOfAsync("ann")).Status);
    }

    /// <summary>In a process of its own: in this one a reader sees the instruments of every gateway under test.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Events_that_wait_or_rest_without_EVENTS_URL_are_in_the_metrics()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await WriteAsync(stage, "ann", "9000");
        await WriteAsync(stage, "ben", "270000");
        await SweepAsync(stage);

        await using var gateway = await GatewayProcess.StartAsync(stage.Settings);

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var metrics = await gateway.InternalClient.GetStringAsync("metrics", Cancel);
                return MetricOf("waiting").IsMatch(metrics) && MetricOf("resting").IsMatch(metrics);
            },
            TimeSpan.FromSeconds(60),
            "one event waits and one rests");

        static Regex MetricOf(string name) => new($"^fathom_events_{name}\\{{[^}}]*\\}} 1( |$)", RegexOptions.Multiline);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_redelivered_event_is_retried_for_three_more_days(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        stage.Receiver.Answers(EventReceiver.Status(500));
        await WriteAsync(stage, "ann", "270000");
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET attempts = 60, rested_at = {stage.Before("1")}");
        var rested = await stage.RowOfAsync("ann");
        Assert.True(StoredEvent.TryParseId(rested.Id, out var seq, out var suffix));

        Assert.True(await stage.Outbox.RedeliverAsync(seq, suffix, Cancel));
        await TriedAsync(stage, attempts: 60);
        Assert.Equal("waiting", (await stage.RowOfAsync("ann")).Status);

        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET redelivered_at = {stage.Before("270000")}");
        await TriedAsync(stage, attempts: 70);
        Assert.Equal("rested", (await stage.RowOfAsync("ann")).Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_oldest_event_waits_since_it_was_written_or_last_redelivered(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await WriteAsync(stage, "ann", "9000");
        await WriteAsync(stage, "ben", "600");
        Assert.Equal((await stage.RowOfAsync("ann")).CreatedAt, await OldestAsync(stage));

        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET redelivered_at = {stage.Before("60")} WHERE user_id = 'ann'");
        Assert.Equal((await stage.RowOfAsync("ben")).CreatedAt, await OldestAsync(stage));

        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET delivered_at = {stage.Before("1")} WHERE user_id = 'ben'");
        Assert.Equal((await stage.RowOfAsync("ann")).RedeliveredAt!.Value, await OldestAsync(stage));
    }

    [Fact]
    public async Task An_old_event_with_EVENTS_URL_rests_only_after_a_try()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, ("EVENTS_URL", "http://127.0.0.1:9/"));
        await WriteAsync(stage, "ann", "270000");
        await stage.IsAsync(rows => rows.Single().Attempts == 1, "it is tried");

        await SweepAsync(stage);

        Assert.Equal("waiting", (await stage.RowOfAsync("ann")).Status);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Its next attempt is due now, and follows so many others.</summary>
    private static async Task TriedAsync(EventStage stage, int attempts)
    {
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET attempts = {attempts}");
        await stage.IsDueAsync("ann");
        await stage.IsAsync(rows => rows.Single().Attempts > attempts, "it is tried");
    }

    private static async Task<DateTimeOffset> OldestAsync(EventStage stage) =>
        (await stage.Outbox.ReadAgeAsync(Cancel)).Oldest!.Value;

    private static Task SweepAsync(EventStage stage) =>
        stage.Gateway.Services.GetRequiredService<EventSweep>().RunAsync(Cancel);

    /// <summary>As a change has written it, so many seconds ago.</summary>
    private static Task WriteAsync(EventStage stage, string user, string seconds) => stage.Database.ExecuteAsync($"""
        INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
        VALUES ('0a1b2c3d', '{user}', 'connection.connected', 1, {stage.Before(seconds)});
        INSERT INTO fathom_event_queues (user_id, due_at) VALUES ('{user}', {stage.Before(seconds)}) ON CONFLICT (user_id) DO NOTHING
        """);
}
