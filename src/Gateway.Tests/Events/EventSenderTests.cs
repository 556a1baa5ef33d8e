using System.Net;
using FathomGateway.Events;
using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Events;

public sealed class EventSenderTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_receiver_that_never_answers_the_TCP_handshake_is_no_answer_in_time()
    {
        var at = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        using var silent = await SilentPort.OpenAsync(at);

        Assert.Equal(new EventAnswer("no answer in time", null), await SendAsync($"http://{at}/"));
    }

    [Fact]
    public async Task The_result_of_an_event_says_why_its_receiver_was_not_reached()
    {
        Assert.Equal(new EventAnswer("its name is not known", null), await SendAsync("http://receiver.invalid/"));
        Assert.Equal(new EventAnswer("no connection", null), await SendAsync($"http://127.0.0.1:{FreePort.Next()}/"));
    }

    private static async Task<EventAnswer> SendAsync(string url)
    {
        using var sender = new EventSender(new EventsOptions(new Uri(url), [new byte[24]]), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var told = new StoredEvent(1, "0a1b2c3d", "ann", "connection.connected", 1, null, null, now, null, 0, null, null, null, null, now);
        return await sender.SendAsync(told, TestContext.Current.CancellationToken);
    }
}
