using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FathomGateway.Tests.House;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>
/// Callers that go away while PostgreSQL is being asked for them. The driver cancels a command synchronously, and on the thread that serves the
/// sockets of all it waits for itself: the whole gateway once stood still for ever.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ImpatientCallersTests(RealStores stores) : IAsyncDisposable
{
    private readonly RecordingBackend _backend = RecordingBackend.Start();

    [Fact]
    public async Task Callers_that_go_away_in_the_middle_of_a_read_stop_nobody_P1_P5()
    {
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), ("BACKEND_URL", $"{_backend.Address}"));
        await using (var writer = await GatewayUnderTest.StartAsync(settings)) await writer.StoreAsync("ann", "a1", "r1");
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Eventually.BecomesTrueAsync(gateway.IsReadyAsync, TimeSpan.FromSeconds(60), "the gateway is ready");
        var question = Encoding.ASCII.GetBytes($"GET /connections/ann/access-token HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n\r\n");

        // A few seconds do; where the gateway stands still, each round takes as long as the driver's own limits.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        for (var round = 0; round < 30; round++)
        {
            var callers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AskAsync(gateway.Internal, question)));
            // While the first are answered and the others are at the database, or in line for it.
            await callers[round].GetStream().ReadExactlyAsync(new byte[1], patience.Token);
            foreach (var caller in callers) caller.Client.Close(0);
        }

        Assert.Equal("backend", await gateway.Client.GetStringAsync("anything", patience.Token));
        Assert.True(await gateway.IsReadyAsync());
        Assert.Equal("a1", (await ProcessStage.TokenInTheEndAsync(gateway)).Answer);
    }

    /// <summary>The race above needs luck on some machines; what makes it possible can be read.</summary>
    [Fact]
    public void No_token_of_a_callers_reaches_the_driver_P1()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Gateway, "Tokens"), "Postgres*.cs").Append(Path.Combine(Repository.Gateway, "Tokens", "SealedRowSql.cs")))
        {
            Assert.DoesNotMatch(new Regex(@"cancellationToken: cancel|(OpenConnectionAsync|ExecuteReaderAsync|ExecuteScalarAsync|ExecuteNonQueryAsync|NextResultAsync|\.ReadAsync)\(cancel|QueryMultiple"), File.ReadAllText(file));
        }
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
