using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>Memory that a load has used.</summary>
[Trait("Speed", "Slow")]
public sealed class MemoryReleaseTests
{
    private const int Clients = 64, RequestsOfEach = 500;

    /// <summary>Of what the load has added. The rest is code that was compiled, and live objects.</summary>
    private const double MinShare = 0.25;

    private static readonly byte[] Body = new byte[64 * 1024];

    /// <summary>
    /// Of a client that remains: its gateway allocates too much to be idle, and too little for a collection within minutes.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Memory_of_a_load_is_returned_to_the_system_once_it_has_ended(bool isOneClientLeft)
    {
        await using var backend = RawServer.Start(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\n\r\n");
            await exchange.SendAsync(Body);
        });
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}")));
        var idle = ProcessMemory.ResidentBytes(gateway.ProcessId);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < RequestsOfEach; i++)
            {
                Assert.Equal(Body.Length, (await gateway.Client.GetByteArrayAsync("file", TestContext.Current.CancellationToken)).Length);
            }
        })));
        var loaded = ProcessMemory.ResidentBytes(gateway.ProcessId);

        using var end = new CancellationTokenSource();
        var remaining = isOneClientLeft ? AskAsync(gateway, end.Token) : Task.CompletedTask;
        await Eventually.BecomesTrueAsync(
            () => loaded - ProcessMemory.ResidentBytes(gateway.ProcessId) > (loaded - idle) * MinShare,
            TimeSpan.FromSeconds(60),
            $"of {loaded} bytes, {idle} of them before the load, some are returned");
        await end.CancelAsync();
        await remaining;
    }

    private static async Task AskAsync(GatewayProcess gateway, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await RawClient.ExchangeAsync(gateway.Public, "GET /file HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            await Task.Delay(Pause, end).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
