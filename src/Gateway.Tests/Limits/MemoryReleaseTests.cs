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

    [Fact]
    public async Task Memory_of_a_load_is_returned_to_the_system_once_the_gateway_is_idle()
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

        await Eventually.BecomesTrueAsync(
            () => loaded - ProcessMemory.ResidentBytes(gateway.ProcessId) > (loaded - idle) * MinShare,
            TimeSpan.FromSeconds(60),
            $"of {loaded} bytes, {idle} of them before the load, some are returned");
    }
}
