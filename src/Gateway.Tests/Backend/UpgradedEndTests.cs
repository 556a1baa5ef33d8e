using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>How an upgraded connection ends: each half by itself, and never before what was sent has arrived.</summary>
public sealed class UpgradedEndTests
{
    /// <summary>More than a kernel's buffer at its start, less than it can grow to.</summary>
    private const int Length = 1_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_has_finished_sending_still_receives_B9(bool tls)
    {
        var ended = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await exchange.SendAsync(Upgrade.Accepted);
                await exchange.IsEndedByPeerAsync();
                ended.SetResult();
                await mayAnswer.Task;
                await exchange.SendAsync(new byte[Length]);
                exchange.Close();
            },
            tls);
        await using var client = await Upgrade.ConnectAsync(proxied);
        await client.SendAsync("last words");

        client.FinishSending();
        await ended.Task.WaitAsync(Limit);
        mayAnswer.SetResult();

        var (text, inGoodOrder) = await client.ReadToEndAsync();
        Assert.Equal((Length, true), (text.Length, inGoodOrder));
    }

    [Fact]
    public async Task A_backend_that_has_finished_sending_still_receives_B9()
    {
        var received = new TaskCompletionSource<int>();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted + "last words");
            exchange.FinishSending();
            var count = 0;
            while (await exchange.ReadSomeAsync() is { Length: > 0 } some) count += some.Length;
            received.SetResult(count);
            exchange.Close();
        });
        await using var client = await Upgrade.ConnectAsync(proxied);

        Assert.Equal(("last words", true), await client.ReadToEndAsync());
        await client.SendAsync(new byte[Length]);
        client.FinishSending();

        Assert.Equal(Length, await received.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_backend_sent_before_it_closed_arrives_B9(bool tls)
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

            Assert.Equal(Length, (await client.ReadToEndAsync()).Text.Length);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_client_sent_before_it_closed_arrives_B9(bool tls)
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

    [Fact]
    public async Task A_client_that_breaks_off_ends_the_backends_connection_B9()
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
    public async Task A_backend_that_breaks_off_ends_the_clients_connection_B9()
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

    /// <summary>Whoever has upgraded owns the connection: it never serves another request.</summary>
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
