using FathomGateway.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Soak;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>The connections that events open to their receiver.</summary>
[Trait("Speed", "Slow")]
public sealed class EventConnectionsTests
{
    /// <summary>Of each of the senders that run side by side. Without a bound all events hold their connections at the same time.</summary>
    private const int EventsEach = 8;

    /// <summary>
    /// The kernel counts. A connection counts for the pool until it begins to close, so some can be closing while others open.
    /// </summary>
    private const int MaxOpen = 2 * EventDelivery.MaxConcurrent;

    private const string WithoutBody = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_to_a_receiver_that_never_ends_its_answers_are_few_and_its_events_are_delivered()
    {
        await using var receiver = RawServer.Start(RawResponse.Verbatim(WithoutBody));
        using var sender = new EventSender(new EventsOptions(receiver.Address, [new byte[24]]), TimeProvider.System);
        var sending = Task.WhenAll(Enumerable.Range(0, EventDelivery.MaxConcurrent).Select(_ => Task.Run(() => SendAsync())));
        var most = 0;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                most = Math.Max(most, SoakConnections.Of(Environment.ProcessId, otherPort: receiver.Address.Port).Count);
                return sending.IsCompleted;
            },
            TimeSpan.FromMinutes(1),
            "all events are answered");

        Assert.All((await sending).SelectMany(all => all), answer => Assert.Equal(EventAnswer.Delivered, answer));
        Assert.Equal(EventsEach * EventDelivery.MaxConcurrent, receiver.Requests);
        Assert.InRange(most, 1, MaxOpen);

        async Task<List<EventAnswer>> SendAsync()
        {
            var answers = new List<EventAnswer>();
            for (var i = 0; i < EventsEach; i++) answers.Add(await sender.SendAsync(EventSenderTests.Event, Cancel));
            return answers;
        }
    }
}
