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
}
