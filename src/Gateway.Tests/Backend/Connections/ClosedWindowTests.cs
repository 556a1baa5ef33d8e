using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>What <see cref="PausedPeerTests"/> try for a minute shows in the options of the sockets at once.</summary>
public sealed class ClosedWindowTests
{
    /// <summary>TCP_USER_TIMEOUT ends a connection whose window is closed although its peer answers every probe (tcp(7)).</summary>
    [Fact]
    public async Task No_limit_of_TCP_ends_a_connection_whose_window_is_closed_B8()
    {
        var arrived = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));

        var fromClients = SocketTimers.UserTimeouts(ownPort: proxied.Http11.Port);
        var toBackend = SocketTimers.UserTimeouts(otherPort: proxied.Backend.Address.Port);

        Assert.NotEmpty(fromClients);
        Assert.NotEmpty(toBackend);
        Assert.All([.. fromClients, .. toBackend], milliseconds => Assert.Equal(0, milliseconds));
    }
}
