using System.Net;
using FathomGateway.Events;
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
        using var sender = new EventSender(new EventsOptions(new Uri($"http://{at}/"), [new byte[24]]), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var told = new StoredEvent(1, "0a1b2c3d", "ann", "connection.connected", 1, null, null, now, null, 0, null, null, null, null, now);

        var answer = await sender.SendAsync(told, TestContext.Current.CancellationToken);

        Assert.Equal(new EventAnswer("no answer in time", null), answer);
    }
}
