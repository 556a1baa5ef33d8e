using System.Net;
using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>A parked code in real stores.</summary>
public sealed class ParkedCodeTests(RealStores stores)
{
    [Fact]
    public async Task A_parked_code_is_encrypted_and_gone_after_two_minutes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", redis.ConnectionString), ("LINK_BINDING", "confirm")));
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true");
        var (user, code) = (new BrowserUser(stage, Fresh.User()), Fresh.Code());
        var handle = await user.ParkAsync(await user.BeginAsync(), code);

        var database = client.GetDatabase();
        var records = client.GetServers()[0].Keys(pattern: "*:state:*").ToArray();
        Assert.InRange(
            await database.KeyTimeToLiveAsync(Assert.Single(records)) ?? TimeSpan.MaxValue,
            TimeSpan.FromSeconds(60),
            TimeSpan.FromSeconds(120));
        var text = $"{records[0]} {await database.StringGetAsync(records[0])}";
        Assert.Contains("parked_code", text, StringComparison.Ordinal);
        Assert.DoesNotContain(code, text, StringComparison.Ordinal);
        Assert.DoesNotContain(handle.Split('.')[2][..43], text, StringComparison.Ordinal);

        await database.KeyDeleteAsync(records[0]);
        Assert.Equal((HttpStatusCode.Gone, "expired_state"), await user.ToldAsync(handle));
        Assert.Equal(0, stage.Exchanges(code));
    }

    [Fact]
    public async Task A_database_that_is_down_spends_no_handle_F6()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(await stores.RedisAsync(), await postgres.CreateDatabaseAsync(), ("LINK_BINDING", "confirm")));
        var (user, code) = (new BrowserUser(stage, Fresh.User()), Fresh.Code());
        var state = await user.BeginAsync();
        postgres.Kill();

        var handle = await user.ParkAsync(state, code);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), await user.ToldAsync(handle));
        Assert.Equal(0, stage.Exchanges(code));

        await postgres.RestartAsync();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await user.ConfirmAsync(handle);
                return response.StatusCode == HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(30), "the same handle connects once the database is back");
        Assert.Equal(1, stage.Exchanges(code));
    }

    [Fact]
    public async Task A_code_that_one_replica_parked_is_confirmed_at_another()
    {
        var (redis, database, key) = (await stores.RedisAsync(), await stores.NewDatabaseAsync(), TestSettings.NewKey("k1"));
        await using var first =
            await Stage.StartAsync(TestSettings.OnRealStores(redis, database, ("LINK_BINDING", "confirm"), ("TOKEN_ENCRYPTION_KEYS", key)));
        await using var second =
            await Stage.StartAsync(TestSettings.OnRealStores(redis, database, ("LINK_BINDING", "confirm"), ("TOKEN_ENCRYPTION_KEYS", key)));
        var (user, code) = (Fresh.User(), Fresh.Code());
        var browserUser = new BrowserUser(first, user);
        var handle = await browserUser.ParkAsync(await browserUser.BeginAsync(), code);

        Assert.Equal((HttpStatusCode.OK, "connected"), await new BrowserUser(second, user).ToldAsync(handle));
        Assert.Equal(1, second.Exchanges(code));
    }
}
