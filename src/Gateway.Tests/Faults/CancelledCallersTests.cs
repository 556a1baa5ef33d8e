using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>
/// Callers that go away while PostgreSQL is being asked for them. The driver cancels their commands synchronously, each on a connection of
/// its own.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CancelledCallersTests(RealStores stores) : IAsyncDisposable
{
    private static readonly byte[] Request =
        Encoding.ASCII.GetBytes(
            $"GET /connections/ann/access-token HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n\r\n");

    private readonly RecordingBackend _backend = RecordingBackend.Start();

    [Fact]
    public async Task Callers_that_leave_during_a_token_read_block_no_other_request_P1_P5()
    {
        var settings =
            TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), ("BACKEND_URL", $"{_backend.Address}"));
        await using (var writer = await GatewayUnderTest.StartAsync(settings)) await writer.StoreAsync("ann", "a1", "r1");
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Eventually.BecomesTrueAsync(gateway.IsReadyAsync, TimeSpan.FromSeconds(60), "the gateway is ready");
        // A few seconds do; where the gateway stands still, each round takes as long as the driver's own limits.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        for (var round = 0; round < 30; round++)
        {
            var callers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AskAsync(gateway.Internal, Request)));
            // While the first are answered and the others are at the database, or in line for it.
            await callers[round].GetStream().ReadExactlyAsync(new byte[1], patience.Token);
            foreach (var caller in callers) caller.Client.Close(0);
        }

        Assert.Equal("backend", await gateway.Client.GetStringAsync("anything", patience.Token));
        Assert.True(await gateway.IsReadyAsync());
        Assert.Equal("a1", (await ProcessStage.TokenInTheEndAsync(gateway)).Answer);
    }

    /// <summary>Then each cancelling waits as well, on a thread of the pool.</summary>
    [Fact]
    public async Task Callers_that_leave_while_PostgreSQL_is_frozen_block_no_other_request_P1_F9()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var settings = TestSettings.OnRealStores(
            await stores.RedisAsync(), await postgres.CreateDatabaseAsync(), ("BACKEND_URL", $"{_backend.Address}"));
        await using (var writer = await GatewayUnderTest.StartAsync(settings)) await writer.StoreAsync("ann", "a1", "r1");
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Eventually.BecomesTrueAsync(gateway.IsReadyAsync, TimeSpan.FromSeconds(60), "the gateway is ready");

        postgres.Suspend();
        foreach (var caller in await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AskAsync(gateway.Internal, Request))))
            caller.Client.Close(0);

        for (var i = 0; i < 50; i++)
        {
            var answer = await RawClient.ExchangeAsync(gateway.Public, "GET /anything HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            Assert.Equal("backend", answer.BodyText);
        }

        postgres.Resume();
        Assert.Equal("a1", (await ProcessStage.TokenInTheEndAsync(gateway)).Answer);
    }

    public async ValueTask DisposeAsync() => await _backend.DisposeAsync();

    private static async Task<TcpClient> AskAsync(Uri address, byte[] question)
    {
        var caller = new TcpClient();
        await caller.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await caller.GetStream().WriteAsync(question, TestContext.Current.CancellationToken);
        return caller;
    }
}
