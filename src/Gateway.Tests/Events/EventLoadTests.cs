using System.Diagnostics;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Many events at once: they are delivered a few at a time and in order, and cost little while the receiver is down.</summary>
[Trait("Speed", "Slow")]
public sealed class EventLoadTests(RealStores stores, ITestOutputHelper output)
{
    private const int Many = 6_000, Users = 1_500, WaitingEvents = 100_000, RefusedUsers = 500;

    /// <summary>The failures in a row after which the receiver counts as down.</summary>
    private const int FailureThreshold = 64;

    /// <summary>Two in fact; a busy machine needs longer. One refused event a second would take minutes.</summary>
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Thousands_of_events_reach_a_receiver_in_order_over_a_few_connections(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        await stage.Stage.LinkAsync("ann");
        await stage.BecomesAsync("ann", "delivered");
        var since = Stopwatch.GetTimestamp();
        await stage.WriteAsync(Many, Users);

        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count > Many, TimeSpan.FromMinutes(2), "all have arrived");
        output.WriteLine($"{kind}: {Many / Stopwatch.GetElapsedTime(since).TotalSeconds:0} events a second");

        Assert.InRange(stage.Receiver.Connections, 1, 40);
        var byUser = stage.Receiver.Received.Where(one => one.UserId != "ann").GroupBy(one => one.UserId).ToArray();
        Assert.Equal(Users, byUser.Length);
        Assert.All(byUser, of => Assert.Equal(of.Select(one => one.Version).Order(), of.Select(one => one.Version)));
        await Eventually.BecomesTrueAsync(
            async () => (await stage.Outbox.ReadStatisticsAsync(Cancel)).Waiting == 0, TimeSpan.FromMinutes(1), "all are recorded");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Users_connect_and_few_tries_are_made_while_100000_events_wait_for_a_dead_receiver(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", "http://127.0.0.1:9/"));
        await stage.WriteAsync(WaitingEvents, WaitingEvents);

        for (var i = 0; i < 40; i++) await stage.Stage.LinkAsync(Fresh.User());
        await Eventually.BecomesTrueAsync(async () => await TriesAsync(stage) > 60, TimeSpan.FromMinutes(1), "some were tried");

        // As many as it takes to detect that the receiver is down, then two a second.
        Assert.InRange(await TriesAsync(stage), 60, 300);
        var look = await stage.Outbox.ReadStatisticsAsync(Cancel);
        Assert.Equal(WaitingEvents + 40, look.Waiting);
    }

    /// <summary>The refused events were all due before the new one, and their failures in a row count as an outage.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_new_event_arrives_within_seconds_while_the_receiver_refuses_those_of_500_users(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        stage.Receiver.Answer = told =>
            Task.FromResult(told.Type == ConnectionEventType.Connected ? EventReceiver.Ok : EventReceiver.Status(500));
        await stage.WriteAsync(RefusedUsers, RefusedUsers);
        await Eventually.BecomesTrueAsync(
            () => stage.Receiver.Count >= FailureThreshold, TimeSpan.FromMinutes(1), "the receiver counts as down");

        // The success of each new event ends the restriction, and the next refusals restore it.
        foreach (var user in (string[])["ann", "ben", "cid"])
        {
            await stage.Stage.LinkAsync(user);
            await Eventually.BecomesTrueAsync(() => stage.Receiver.Of(user).Any(), Seconds, $"the event of {user} arrives");
        }
    }

    /// <summary>Delivered events are kept for a day, those no longer retried for thirty; waiting events stay.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_sweep_deletes_old_events_in_bounded_steps(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.WriteAsync(2_500, 10);
        await SetAsync("delivered_at", "90000", "<= 1200");
        await SetAsync("delivered_at", "80000", "BETWEEN 1201 AND 1300");
        await SetAsync("rested_at", "2600000", "BETWEEN 1301 AND 2400");
        await SetAsync("rested_at", "2500000", "BETWEEN 2401 AND 2450");

        Assert.True(await stage.Outbox.DeleteOldAsync(Cancel));
        Assert.False(await stage.Outbox.DeleteOldAsync(Cancel));

        var look = await stage.Outbox.ReadStatisticsAsync(Cancel);
        Assert.Equal((50, 50), (look.Waiting, look.Rested));
        Assert.Equal(200, (await stage.RowsAsync()).Count);

        Task SetAsync(string column, string seconds, string versions) =>
            stage.Database.ExecuteAsync($"UPDATE fathom_events SET {column} = {stage.Before(seconds)} WHERE version {versions}");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<long> TriesAsync(EventStage stage) => stage.Gateway.Services.GetRequiredService<Database>().FindAsync(
        "SELECT CAST(sum(attempts) AS bigint) FROM fathom_events", null, row => row.GetInt64(0), Cancel);
}
