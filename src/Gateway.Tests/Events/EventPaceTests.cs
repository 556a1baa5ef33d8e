using FathomGateway.Events;
using FathomGateway.Telemetry;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>How often a receiver that counts as down is tried, by the clock of the test.</summary>
public sealed class EventPaceTests(RealStores stores)
{
    private const int Many = 400;

    /// <summary>The failures in a row after which the receiver counts as down.</summary>
    private const int FailureThreshold = 64;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Later versions are newer, so that the event that is due for longest is never the newest untried one.</summary>
    private const string OneAfterTheOther = """
        UPDATE fathom_events SET created_at = now() - (1000 - version) * interval '1 second' WHERE delivered_at IS NULL;
        UPDATE fathom_event_queues AS queue SET due_at = event.created_at FROM fathom_events AS event
        WHERE event.user_id = queue.user_id AND event.delivered_at IS NULL
        """;

    /// <summary>Two, however long after a poll the last attempts began.</summary>
    [Fact]
    public async Task Each_poll_tries_two_events_at_a_receiver_that_counts_as_down()
    {
        await using var stage = await EventStage.StartAsync(
            stores, TokenDatabase.Postgres, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        var (services, clock) = (stage.Gateway.Services, new FakeTimeProvider());
        var events = new ConnectionEvents(services.GetRequiredService<Database>());
        using var sender = new EventSender(new EventsOptions(new Uri(stage.Receiver.Url), [new byte[24]]), TimeProvider.System);
        using var delivery = new EventDelivery(
            stage.Outbox, sender, events, services.GetRequiredService<GatewayMetrics>(), clock, NullLogger<EventDelivery>.Instance);
        await delivery.StartAsync(Cancel);
        await stage.WriteAsync(1, 1);
        events.Wake();
        await stage.BecomesAsync("user-0", "delivered");

        stage.Receiver.Answers(EventReceiver.Status(500, "Retry-After: 80000\r\n"));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        await stage.WriteAsync(Many, Many);
        await stage.Database.ExecuteAsync(OneAfterTheOther);
        events.Wake();
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count > FailureThreshold, Soon, "the receiver counts as down");
        // One transaction records and leases, so nothing more is tried then until the next poll.
        await stage.IsAsync(
            rows => rows.All(row => row.Lease is null) && rows.Sum(row => row.Attempts) == stage.Receiver.Count,
            "all attempts are recorded");

        var tried = stage.Receiver.Count;
        for (var polls = 1; polls <= 3; polls++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(polls == 1 ? 500 : 1000));
            await AreRecordedAsync(stage, tried + (2 * polls));
        }

        await delivery.StopAsync(Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task AreRecordedAsync(EventStage stage, int attempts) => stage.IsAsync(
        rows => rows.Sum(row => row.Attempts) == attempts, $"{attempts} attempts are recorded");
}
