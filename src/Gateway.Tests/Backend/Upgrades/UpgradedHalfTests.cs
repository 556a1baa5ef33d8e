using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Each direction of an upgraded connection ends on its own: a side that has sent everything can still receive.</summary>
public sealed class UpgradedHalfTests
{
    /// <summary>More than a kernel's buffer at its start, less than it can grow to.</summary>
    private const int Length = 1_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upgraded_client_that_has_finished_sending_still_receives_B9(bool tls)
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

    /// <summary>Both ends speak at the same time, and the client's end may be there before most of what it sent has come back.</summary>
    [Fact]
    public async Task An_upgraded_client_that_has_finished_sending_receives_all_that_is_echoed_B9()
    {
        const int Rounds = 100, Sent = 100_000;
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            while (await exchange.ReadSomeAsync() is { Length: > 0 } some) await exchange.SendAsync(some);
            exchange.Close();
        });
        for (var round = 0; round < Rounds; round++)
        {
            await using var client = await Upgrade.ConnectAsync(proxied);
            var sending = client.SendAsync(new byte[Sent]).ContinueWith(_ => client.FinishSending(), TaskScheduler.Default);

            var (text, inGoodOrder) = await client.ReadToEndAsync();

            await sending;
            Assert.Equal((Sent, true, round), (text.Length, inGoodOrder, round));
        }
    }

    [Fact]
    public async Task An_upgraded_backend_that_has_finished_sending_still_receives_B9()
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
}
