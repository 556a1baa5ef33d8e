using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>Silent connections use up the limit of 1,024 open files.</summary>
[Trait("Speed", "Slow")]
public sealed class SilentConnectionsTests
{
    private const int Connections = 312;

    [Fact]
    public async Task Silent_connections_yield_to_a_new_one_at_once_are_closed_after_a_minute_and_degrade_readiness_T31()
    {
        await using var backend = RecordingBackend.Start();
        var settings = TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}"));
        await using var gateway = await GatewayProcess.StartAsync(settings, shell: "ulimit -n 1024");
        var silent = new List<TcpClient>();
        for (var i = 0; i < Connections; i++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(gateway.Public.Host, gateway.Public.Port);
        }

        for (var i = 0; i < 20; i++)
        {
            var answer = await RawClient.ExchangeAsync(gateway.Public, "GET /newcomer HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            Assert.Equal("backend", answer.BodyText);
        }

        Assert.Contains("\"connections\":\"degraded\"", await ReadyAsync(), StringComparison.Ordinal);
        Assert.Contains("ulimit -n", gateway.Output, StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(() => silent.All(IsClosed), TimeSpan.FromMinutes(3), "the silent connections are closed");
        var closed = await gateway.InternalClient.GetStringAsync("metrics");
        Assert.Contains("reason=\"no_request\"", closed, StringComparison.Ordinal);
        Assert.DoesNotContain("reason=\"no_request\"} 0", closed, StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(
            async () => (await ReadyAsync()).Contains("\"connections\":\"up\"", StringComparison.Ordinal),
            TimeSpan.FromMinutes(3),
            "readiness tells that it is over");
        foreach (var one in silent) one.Dispose();

        Task<string> ReadyAsync() => gateway.InternalClient.GetStringAsync("health/ready");
    }

    private static bool IsClosed(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead);
}
