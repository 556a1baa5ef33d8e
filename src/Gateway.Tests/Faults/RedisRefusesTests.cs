using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A Redis that answers, and not what was asked for.</summary>
[Trait("Speed", "Slow")]
public sealed class RedisRefusesTests : IAsyncLifetime
{
    private RedisServer _redis = null!;

    [Fact]
    public async Task A_Redis_that_is_full_refuses_new_attempts_and_lets_those_under_way_finish_F5()
    {
        await using var stage = await StartAsync();
        await stage.WarmUpAsync();
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        await _redis.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        await AssertRefusedAsync(stage);
        Assert.Contains(
            "\"connect\":\"down\"", await stage.Gateway.InternalClient.GetStringAsync("health/ready"), StringComparison.Ordinal);
        var redirect = await stage.LandAsync(state, code);
        Assert.True(redirect == CallbackRedirect.Success, $"{redirect}\n{stage.Gateway.Log}");
        Assert.NotNull(await stage.AccessTokenAsync(user));

        await _redis.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await AssertRecoversAsync(stage);
    }

    [Fact]
    public async Task A_Redis_that_became_a_replica_refuses_and_costs_neither_state_nor_code_F5()
    {
        await using var stage = await StartAsync();
        await stage.WarmUpAsync();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        await _redis.CommandAsync("REPLICAOF", "127.0.0.1", "1");

        await AssertRefusedAsync(stage);
        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal(0, stage.Exchanges(code));

        await _redis.CommandAsync("REPLICAOF", "NO", "ONE");
        await AssertRecoversAsync(stage);
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Fact]
    public async Task A_database_number_that_Redis_does_not_have_is_a_503_and_the_proxy_serves_F5()
    {
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", $"{_redis.ConnectionString}/99")));

        await AssertRefusedAsync(stage);
        Assert.Contains(
            "\"connect\":\"down\"", await stage.Gateway.InternalClient.GetStringAsync("health/ready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_still_loading_refuses_and_recovers_F5()
    {
        await using var stage = await StartAsync();
        // Minutes of loading, with a look at the connections ten times a second.
        await _redis.CommandAsync("DEBUG", "POPULATE", "100000");
        await _redis.CommandAsync("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
        await _redis.CommandAsync("CONFIG", "SET", "key-load-delay", "2000");
        var reload = _redis.CommandAsync("DEBUG", "RELOAD");
        await Eventually.BecomesTrueAsync(
            async () => (await _redis.CommandAsync("INFO", "persistence")).Contains("loading:1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "Redis is loading");

        await AssertRefusedAsync(stage);

        _redis.Kill();
        await Record.ExceptionAsync(() => reload);
        await _redis.RestartAsync();
        await AssertRecoversAsync(stage);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":wrong@")]
    public async Task A_wrong_Redis_password_at_the_start_is_logged_and_stops_nothing_F5(string credentials)
    {
        await _redis.CommandAsync("CONFIG", "SET", "requirepass", "right");
        await using var stage = await StartAsync(credentials);

        await Eventually.BecomesTrueAsync(
            () => stage.Gateway.Log.ToString().Contains("check user and password of REDIS_URL", StringComparison.Ordinal),
            TimeSpan.FromSeconds(120),
            "the log says what to do");
        await AssertRefusedAsync(stage);
        Assert.DoesNotContain("wrong@", stage.Gateway.Log.ToString(), StringComparison.Ordinal);

        // The operator gives Redis the password that the gateway has.
        await _redis.CommandAsync("-a", "right", "CONFIG", "SET", "requirepass", credentials.Trim(':', '@'));
        await AssertRecoversAsync(stage);
    }

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();

    private Task<Stage> StartAsync(string credentials = "") =>
        Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", $"redis://{credentials}127.0.0.1:{_redis.Port}")));

    private static async Task AssertRefusedAsync(Stage stage)
    {
        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Refusal.AsksToRetry(response);
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
    }

    private static Task AssertRecoversAsync(Stage stage) => Eventually.BecomesTrueAsync(
        async () => (await stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode == HttpStatusCode.OK,
        TimeSpan.FromSeconds(30),
        "connect works again");
}
