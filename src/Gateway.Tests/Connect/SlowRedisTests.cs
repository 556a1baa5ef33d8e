using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class SlowRedisTests
{
    [Fact]
    public async Task A_browser_that_goes_away_while_the_state_is_redeemed_is_connected_all_the_same_F15()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", redis.ConnectionString)));
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true");

        await admin.GetServers()[0].ExecuteAsync("CLIENT", "PAUSE", "500", "ALL");
        await using (var browser = await RawClient.ConnectAsync(stage.Gateway.Public))
        {
            await browser.SendAsync($"GET /fathom/callback?code={code}&state={state} HTTP/1.1\r\nHost: x\r\n\r\n");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            browser.Reset();
        }

        await Eventually.BecomesTrueAsync(async () => await stage.ConnectionAsync(user) is not null, TimeSpan.FromSeconds(10), "the user is connected");
        Assert.Equal(Landing.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }

    [Fact]
    public async Task Redis_without_GETDEL_serves_too()
    {
        await using var redis = await RedisServer.StartAsync("--rename-command", "GETDEL", "");
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", redis.ConnectionString)));
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(Landing.Success, await stage.LandAsync(state, code));
        Assert.Equal(Landing.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }
}
