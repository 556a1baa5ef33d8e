using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>How an upgraded connection ends: in good order, and never before what was sent has arrived.</summary>
public sealed class UpgradedEndTests
{
    /// <summary>More than a kernel's buffer at its start, less than it can grow to.</summary>
    private const int Length = 1_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Bytes_that_an_upgraded_backend_sent_before_it_finished_sending_arrive_B9()
    {
        var ended = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted + "last words");
            exchange.FinishSending();
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        await using var client = await Upgrade.ConnectAsync(proxied);

        Assert.Equal(("last words", true), await client.ReadToEndAsync());
        client.FinishSending();
        await ended.Task.WaitAsync(Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_an_upgraded_backend_sent_before_it_closed_arrive_B9(bool tls)
    {
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await exchange.SendAsync(Upgrade.Accepted);
                await exchange.SendAsync(new byte[Length]);
                exchange.Close();
            },
            tls);
        for (var i = 0; i < 10; i++)
        {
            await using var client = await Upgrade.ConnectAsync(proxied);

            var (text, inGoodOrder) = await client.ReadToEndAsync();

            Assert.Equal((Length, true), (text.Length, inGoodOrder));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_an_upgraded_client_sent_before_it_closed_arrive_B9(bool tls)
    {
        var received = new TaskCompletionSource<int>();
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await exchange.SendAsync(Upgrade.Accepted);
                var count = 0;
                while (await exchange.ReadSomeAsync() is { Length: > 0 } some) count += some.Length;
                received.SetResult(count);
                exchange.Close();
            },
            tls);
        for (var i = 0; i < 10; i++)
        {
            received = new TaskCompletionSource<int>();
            await using (var client = await Upgrade.ConnectAsync(proxied))
            {
                await client.SendAsync(new byte[Length]);
            }

            Assert.Equal(Length, await received.Task.WaitAsync(Limit));
        }
    }
}
