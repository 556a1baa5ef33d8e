using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class PostgresFaultTests(RealStores stores) : IAsyncLifetime
{
    private PostgresServer _postgres = null!;
    private string _database = null!;
    private FaultProxy _path = null!;

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_made_again_and_counts_once_F8()
    {
        await using var stage = await StartAsync();
        var user = Fresh.User();
        var state = await stage.StateAsync(user);

        // The statement's answer, which comes after the commit.
        _path.FromServer.CutBefore("INSERT 0 1");

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, Fresh.Code()));
        Assert.Equal(1, (await stage.ConnectionAsync(user))!.Version);
        Assert.NotNull(await stage.AccessTokenAsync(user));
    }

    [Fact]
    public async Task A_silent_database_delays_neither_proxied_requests_nor_the_next_callback_F9()
    {
        await using var stage = await StartAsync();
        var states = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => stage.StateAsync(Fresh.User())));
        _path.FromServer.Hold();

        // Twice as many as there are connections in the pool.
        var redirects = states.Select(state => stage.LandAsync(state, Fresh.Code())).ToArray();
        await _path.ToServer.SeesAsync("pg_is_in_recovery", times: 2);
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.NotEmpty(await stage.StateAsync(Fresh.User()));
        Assert.All(await Task.WhenAll(redirects), redirect => Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), redirect));

        _path.FromServer.Release();
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(states[0], Fresh.Code()) == CallbackRedirect.Success,
            TimeSpan.FromSeconds(30),
            "a callback that was turned away succeeds when it is repeated");
    }

    [Fact]
    public async Task A_database_with_five_seconds_of_latency_spends_neither_state_nor_code_F9()
    {
        await using var stage = await StartAsync();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        _path.ToServer.Latency = TimeSpan.FromSeconds(5);

        // More than the pool has. All of them get an error, though no connection is broken.
        var redirects = Enumerable.Range(0, 30).Select(_ => stage.LandAsync(state, code)).ToArray();
        await _path.ToServer.SeesAsync("pg_is_in_recovery");
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.NotEmpty(await stage.StateAsync(Fresh.User()));
        Assert.All(await Task.WhenAll(redirects), redirect => Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), redirect));
        Assert.Equal(0, stage.Exchanges(code));

        _path.ToServer.Latency = TimeSpan.Zero;
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == CallbackRedirect.Success,
            TimeSpan.FromSeconds(60),
            "the same callback succeeds");
        Assert.Equal(1, stage.Exchanges(code));
    }

    [Fact]
    public async Task A_database_whose_connections_are_all_taken_costs_neither_state_nor_code_F9()
    {
        await using var small = await PostgresServer.StartAsync("max_connections=23", "superuser_reserved_connections=3");
        var database = await small.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(database, "CREATE ROLE app LOGIN; GRANT ALL ON SCHEMA public TO app");
        var url = new UriBuilder(database) { UserName = "app", Password = "" }.Uri.OriginalString;
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url, ("EMBEDDED", "false")));
        await stage.WarmUpAsync();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        await PostgresTestDatabase.QueryAsync(
            small.ConnectionString("postgres"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
        var sleepers = new List<NpgsqlConnection>();
        for (var i = 0; i < 20; i++) sleepers.Add(await PostgresTestDatabase.OpenAsync(url));
        try
        {
            Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
            Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
            Assert.Equal(0, stage.Exchanges(code));
        }
        finally
        {
            foreach (var sleeper in sleepers) await sleeper.DisposeAsync();
        }

        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == CallbackRedirect.Success,
            TimeSpan.FromSeconds(30),
            "the same callback succeeds");
    }

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        _path = FaultProxy.Start(_postgres.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _path.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Somebody is connected already, so that the schema and a connection are there.</summary>
    private async Task<Stage> StartAsync()
    {
        var throughPath = PostgresTestDatabase.Through(_database, _path.Port);
        var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), throughPath));
        await stage.WarmUpAsync();
        return stage;
    }
}
