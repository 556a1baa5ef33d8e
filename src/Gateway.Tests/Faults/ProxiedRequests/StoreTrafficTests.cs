using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>A proxied request asks no store. What is sent to the stores is counted, not how long a request takes.</summary>
public sealed class StoreTrafficTests(RealStores stores)
{
    private const int Requests = 200;

    /// <summary>The gateway's own traffic to its stores meanwhile: keepalive, health, a sweep.</summary>
    private const int OwnTraffic = Requests / 4;

    [Fact]
    public async Task Proxied_requests_send_nothing_to_Redis_or_PostgreSQL_P1()
    {
        var database = await stores.NewDatabaseAsync();
        await using var toRedis = FaultProxy.Start(new Uri(await stores.RedisAsync()).Port);
        await using var toPostgres = FaultProxy.Start(new Uri(database).Port);
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            $"redis://127.0.0.1:{toRedis.Port}", PostgresTestDatabase.Through(database, toPostgres.Port)));
        await stage.LinkAsync(Fresh.User());
        var before = (Redis: toRedis.ToServer.Pieces, Postgres: toPostgres.ToServer.Pieces);
        Assert.True(before is { Redis: > 0, Postgres: > 0 });

        // One after the other: a request that asked a store would send at least one piece.
        for (var request = 0; request < Requests; request++)
            Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync($"any/{request}"));

        Assert.InRange(toRedis.ToServer.Pieces - before.Redis, 0, OwnTraffic);
        Assert.InRange(toPostgres.ToServer.Pieces - before.Postgres, 0, OwnTraffic);
    }
}
