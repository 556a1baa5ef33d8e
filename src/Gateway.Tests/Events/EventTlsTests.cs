using FathomGateway.Events;
using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Events;

public sealed class EventTlsTests
{
    [Theory]
    [InlineData("self-signed")]
    [InlineData("expired")]
    [InlineData("wrong host")]
    public async Task A_receiver_with_a_faulty_certificate_is_told_nothing(string fault)
    {
        using var certificates = new Certificates();
        var asked = 0;
        await using var server = RawServer.Start(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                Interlocked.Increment(ref asked);
                await exchange.SendAsync(EventReceiver.Ok);
            },
            certificate: certificates.Make(fault));
        var options = new EventsOptions(new Uri($"https://localhost:{server.Address.Port}/"), [new byte[24]]);
        using var sender = new EventSender(options, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var told = new StoredEvent(1, "0a1b2c3d", "ann", "connection.connected", 1, null, null, now, 0, null, null, null, null, now);

        var answer = await sender.SendAsync(told, TestContext.Current.CancellationToken);

        Assert.Equal("no TLS", answer.Result);
        Assert.Equal(0, asked);
    }
}
