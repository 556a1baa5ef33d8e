using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

[Trait("Speed", "Slow")]
public sealed class PostgresDownTests(RealStores stores)
{
    [Fact]
    public async Task A_database_that_is_down_before_the_exchange_costs_neither_state_nor_code_F6()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await postgres.CreateDatabaseAsync()));
        var (user, code) = (Fresh.User(), Fresh.Code());
        await stage.LinkAsync(Fresh.User());
        var state = await stage.StateAsync(user);
        postgres.Kill();

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.NotEmpty((await stage.BeginAsync(Fresh.User()))["state"]);
        Assert.Equal(0, stage.Exchanges(code));

        await postgres.RestartAsync();
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == CallbackRedirect.Success,
            TimeSpan.FromSeconds(60),
            "the same callback connects once the database is back");
        Assert.Equal(1, stage.Exchanges(code));
        Assert.NotNull(await stage.AccessTokenAsync(user));
    }

    [Fact]
    public async Task A_restart_of_the_database_between_two_callbacks_is_not_noticed_F10()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await postgres.CreateDatabaseAsync()));
        await stage.LinkAsync(Fresh.User());
        postgres.Kill();
        await postgres.RestartAsync();

        // The pool still holds a dead connection.
        await stage.LinkAsync(Fresh.User());
    }

    [Fact]
    public async Task A_database_that_says_nothing_costs_neither_state_nor_code_and_the_browser_is_answered_F9()
    {
        await using var postgres = await PostgresServer.StartAsync();
        // No limit of the driver's is to end it.
        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(await stores.RedisAsync(), $"{await postgres.CreateDatabaseAsync()}?Command%20Timeout=60"));
        await stage.LinkAsync(Fresh.User());
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        postgres.Suspend();

        // The proof has three seconds; the rest is for a busy machine.
        Assert.Equal(
            CallbackRedirect.Failure("temporarily_unavailable"),
            await stage.LandAsync(state, code).WaitAsync(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken));

        Assert.Equal(0, stage.Exchanges(code));
        postgres.Resume();
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == CallbackRedirect.Success,
            TimeSpan.FromSeconds(60),
            "the same callback connects once the database is back");
    }

    [Fact]
    public async Task A_callback_that_has_ended_is_told_its_outcome_while_the_database_is_down()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await postgres.CreateDatabaseAsync()));
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        postgres.Kill();

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Fact]
    public async Task A_database_that_lets_us_read_and_not_write_costs_neither_state_nor_code()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), database));
        await stage.LinkAsync(Fresh.User());
        await PostgresTestDatabase.QueryAsync(database, "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
        var asReader = new UriBuilder(database) { UserName = "reader", Password = "" }.Uri.OriginalString;
        await using var reading = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), asReader));
        var code = Fresh.Code();

        Assert.Equal(
            CallbackRedirect.Failure("temporarily_unavailable"), await reading.LandAsync(await reading.StateAsync(Fresh.User()), code));
        Assert.Equal(0, reading.Exchanges(code));
    }

    [Fact]
    public async Task A_database_that_accepts_connections_and_stays_silent_holds_up_neither_the_probe_nor_the_end_F9()
    {
        await using var silent = RawServer.Start(RawResponse.Silence);
        var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(await stores.RedisAsync(), $"postgresql://ann@127.0.0.1:{silent.Address.Port}/app"));
        await using (stage)
        {
            var callbacks = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(async _ => await stage.LandAsync(await stage.StateAsync(Fresh.User()), Fresh.Code())));
            Assert.All(callbacks, location => Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), location));
            Assert.Contains(
                "\"store\":\"down\"", await stage.Gateway.InternalClient.GetStringAsync("health/ready"), StringComparison.Ordinal);
        }
    }
}
