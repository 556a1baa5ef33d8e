using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class PostgresAwayTests(RealStores stores)
{
    [Fact]
    public async Task A_database_that_is_down_before_the_exchange_costs_neither_state_nor_code_F6()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await postgres.CreateDatabaseAsync()));
        var (user, code) = (Fresh.User(), Fresh.Code());
        await stage.LinkAsync(Fresh.User());
        var state = await stage.StateAsync(user);
        postgres.Kill();

        Assert.Equal(Landing.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal(Landing.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.NotEmpty((await stage.BeginAsync(Fresh.User()))["state"]);
        Assert.Equal(0, stage.Exchanges(code));

        await postgres.RestartAsync();
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == Landing.Success, TimeSpan.FromSeconds(10), "the same callback connects once the database is back");
        Assert.Equal(1, stage.Exchanges(code));
        Assert.NotNull(await stage.AccessTokenAsync(user));
    }
}
