using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Events arrive in order for each user, at least once, even if the receiver fails.</summary>
public sealed class EventDeliveryTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refused_event_delays_the_events_of_its_user_alone(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var refuses = true;
        stage.Receiver.Answer = told => Task.FromResult(told.UserId == "ann" && refuses ? EventReceiver.Status(500) : EventReceiver.Ok);
        await stage.Stage.LinkAsync("ann");
        await stage.Stage.LinkAsync("ann");
        await stage.Stage.LinkAsync("ben");

        await stage.BecomesAsync("ben", "delivered");
        await stage.IsAsync(rows => rows[0].LastResult == "status 500", "the refusal is recorded");
        refuses = false;
        await stage.IsDueAsync("ann");

        await stage.BecomesAsync("ann", "delivered");
        var tries = stage.Receiver.Of("ann").ToArray();
        Assert.Equal(["connection.connected", "connection.connected", "connection.reconnected"], tries.Select(one => one.Type));
        Assert.Equal(tries[0].Id, tries[1].Id);
        Assert.Equal(tries[0].Request.BodyText, tries[1].Request.BodyText);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { EventReceiver.Status(301, "Location: http://127.0.0.1:9/\r\n"), "status 301" },
        { EventReceiver.Status(307, "Location: /elsewhere\r\n"), "status 307" },
        { EventReceiver.Status(400), "status 400" },
        { EventReceiver.Status(410), "status 410" },
        { EventReceiver.Status(503), "status 503" },
        { "no HTTP at all\r\n\r\n", "broken off" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_event_without_a_2xx_response_is_retried_after_five_seconds(string answer, string result)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        stage.Receiver.Answers(answer);
        await stage.Stage.LinkAsync("ann");

        await stage.IsAsync(rows => rows.Single().LastResult == result, result);
        var row = await stage.RowOfAsync("ann");
        Assert.Equal((1, "waiting"), (row.Attempts, row.Status));
        Assert.InRange(row.DueAt!.Value, row.CreatedAt.AddSeconds(5), row.Now.AddSeconds(5));
        Assert.All(stage.Receiver.Received, one => Assert.Equal("/hook?from=gateway", one.Request.Head.Target));
    }

    [Fact]
    public async Task Retry_After_of_the_receiver_delays_the_events_of_one_user_alone()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        stage.Receiver.Answer = told => Task.FromResult(told.UserId switch
        {
            "ann" => EventReceiver.Status(429, "Retry-After: 1000\r\n"),
            "cid" => EventReceiver.Status(503, "Retry-After: 1\r\n"),
            _ => EventReceiver.Ok,
        });
        await stage.Stage.LinkAsync("ann");
        await stage.Stage.LinkAsync("ben");
        await stage.Stage.LinkAsync("cid");

        await stage.BecomesAsync("ben", "delivered");
        await Eventually.BecomesTrueAsync(async () => (await stage.RowOfAsync("ann")).Attempts == 1, Soon, "ann was tried");
        var row = await stage.RowOfAsync("ann");
        Assert.InRange(row.DueAt!.Value, row.CreatedAt.AddSeconds(1000), row.Now.AddSeconds(1000));
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Of("cid").Count() > 1, Soon, "cid is tried again");
    }

    [Fact]
    public async Task An_unreachable_receiver_is_recorded_as_no_connection()
    {
        const string Nowhere = "http://127.0.0.1:9/hook?key=canary";
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, ("EVENTS_URL", Nowhere));
        await stage.Stage.LinkAsync("ann");

        await stage.IsAsync(rows => rows.Single().LastResult == "no connection", "the try has failed");
        Assert.DoesNotContain("canary", $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_rests_after_three_days_the_next_is_delivered_and_it_can_be_redelivered(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var refuses = true;
        stage.Receiver.Answer = told => Task.FromResult(refuses && told.Version == 1 ? EventReceiver.Status(500) : EventReceiver.Ok);
        await stage.Stage.LinkAsync("ann");
        await stage.Stage.LinkAsync("ann");
        await Eventually.BecomesTrueAsync(async () => (await stage.RowsAsync())[0].Attempts == 1, Soon, "it was tried");
        await stage.Database.ExecuteAsync(
            $"UPDATE fathom_events SET attempts = 60, created_at = {stage.Before("270000")} WHERE version = 1");
        await stage.IsDueAsync("ann");

        await stage.IsAsync(rows => rows.Select(row => row.Status).SequenceEqual(["rested", "delivered"]), "it rests");
        await Eventually.BecomesTrueAsync(
            () => stage.Gateway.Log.Lines.Any(line => line.Contains("no longer retried", StringComparison.Ordinal)), Soon, "it is logged");
        refuses = false;
        var rested = (await stage.RowsAsync())[0];
        Assert.True(StoredEvent.TryParseId(rested.Id, out var seq, out var suffix));
        Assert.False(await stage.Outbox.RedeliverAsync(seq, "00000000", Cancel));
        Assert.False(await stage.Outbox.RedeliverAsync(seq + 100, suffix, Cancel));
        Assert.True(await stage.Outbox.RedeliverAsync(seq, suffix, Cancel));

        await stage.BecomesAsync("ann", "delivered");
        Assert.Equal(rested.Id, stage.Receiver.Received[^1].Id);
    }

    [Fact]
    public async Task Either_key_of_EVENTS_SECRET_verifies_an_event_during_a_rotation()
    {
        var (former, next) = (EventReceiver.NewSecret(), EventReceiver.NewSecret());
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, ("EVENTS_SECRET", $"{next} {former}"));
        await stage.Stage.LinkAsync("ann");

        await stage.Receiver.HasAsync("ann", "connection.connected");
        stage.Receiver.Received[0].IsSignedWith(former);
        stage.Receiver.Received[0].IsSignedWith(next);
        Assert.DoesNotContain(next["whsec_".Length..], $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
