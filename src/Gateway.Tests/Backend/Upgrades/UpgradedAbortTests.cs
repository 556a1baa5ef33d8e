using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// When one side aborts an upgraded connection, the other side is ended too, and no other request gets the remaining bytes.
/// </summary>
public sealed class UpgradedAbortTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_upgraded_client_that_breaks_off_ends_the_backends_connection_B9()
    {
        var ended = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        var client = await Upgrade.ConnectAsync(proxied);

        client.Reset();

        await ended.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task An_upgraded_backend_that_breaks_off_ends_the_clients_connection_B9()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted + "last");
            await exchange.ReadSomeAsync();
            exchange.Reset();
        });
        await using var client = await Upgrade.ConnectAsync(proxied);
        await client.SendAsync("words");

        Assert.StartsWith((await client.ReadToEndAsync()).Text, "last", StringComparison.Ordinal);
    }

    /// <summary>An upgraded connection belongs to its client: it never serves another request.</summary>
    [Fact]
    public async Task An_upgraded_connection_is_never_used_again_B9()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            if (exchange.Head.Target != "/socket")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.SendAsync(Upgrade.Accepted);
            await exchange.IsEndedByPeerAsync();
        });
        await using (await Upgrade.ConnectAsync(proxied))
        {
            // It ends at once.
        }

        for (var i = 0; i < 3; i++) Assert.Equal("/next", await proxied.GetAsync("/next"));
        Assert.Equal(2, proxied.Backend.Connections);
    }
}
