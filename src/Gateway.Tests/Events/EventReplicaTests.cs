using System.Diagnostics;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Replicas share the deliveries, and take over from each other.</summary>
public sealed class EventReplicaTests(RealStores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    /// <summary>Any replica delivers an event, not only the one that has written it.</summary>
    [Fact]
    public async Task Two_replicas_deliver_each_event_once_and_one_goes_on_alone()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        var second = await GatewayUnderTest.StartAsync(stage.Settings);
        string[] users = [.. Enumerable.Range(0, 100).Select(number => $"user-{number:00}")];
        await Task.WhenAll(users.Select(user => stage.Gateway.StoreAsync(user, "a", "r")));
        await stage.IsAsync(rows => rows.All(row => row.Status == "delivered"), "all are delivered");
        Assert.Equal(users, stage.Receiver.Received.Select(one => one.UserId).Order());

        await second.DisposeAsync();
        foreach (var user in users[..5]) await stage.Gateway.StoreAsync(user, "a", "r");

        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count == 105, Soon, "the first goes on");
    }

    /// <summary>A replica that was killed holds leases: as if it had been, half a minute ago.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_a_killed_replica_was_delivering_is_delivered_by_another(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var never = new TaskCompletionSource<string>();
        stage.Receiver.Answer = _ => never.Task;
        await stage.Stage.LinkAsync("ann");
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count == 1, Soon, "it is in hand");
        stage.Receiver.Answers(EventReceiver.Ok);
        await stage.Database.ExecuteAsync($"UPDATE fathom_event_queues SET lease_owner = '{Guid.NewGuid()}', due_at = {stage.Before("1")}");

        await stage.BecomesAsync("ann", "delivered");
        Assert.Equal(stage.Receiver.Received[0].Id, stage.Receiver.Received[1].Id);
        never.SetResult(EventReceiver.Ok);
    }

    /// <summary>The first replica cancels its attempt, and gives the queue back with a pause of zero.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task An_event_that_a_stopping_replica_was_delivering_is_delivered_by_another_at_once()
    {
        // The stage itself delivers nothing, so that the first replica has the event.
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        Dictionary<string, string?> settings = new(stage.Settings)
        {
            ["EVENTS_URL"] = stage.Receiver.Url,
            ["EVENTS_SECRET"] = stage.Receiver.Secret,
        };
        TaskCompletionSource<string> never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Receiver.Answer = _ => never.Task;
        var first = await GatewayUnderTest.StartAsync(settings);
        await first.StoreAsync("ann", "a", "r");
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count == 1, Soon, "the first replica delivers it");
        var leased = Stopwatch.GetTimestamp();
        await using var second = await GatewayUnderTest.StartAsync(settings);
        stage.Receiver.Answers(EventReceiver.Ok);

        await first.DisposeAsync();
        never.SetResult(EventReceiver.Ok);
        await stage.BecomesAsync("ann", "delivered");

        // The lease of 30 s has not ended.
        Assert.InRange(Stopwatch.GetElapsedTime(leased), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(2, stage.Receiver.Count);
        Assert.Equal(stage.Receiver.Received[0].Id, stage.Receiver.Received[1].Id);
        Assert.Equal(1, (await stage.RowOfAsync("ann")).Attempts);
    }
}
