using System.Collections.Concurrent;
using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class RedisFailOverTests
{
    [Fact]
    public async Task A_state_that_the_new_primary_never_heard_of_has_expired_F4()
    {
        await using var redis = await RedisSentinel.StartAsync();
        await using var stage = await StartAsync(redis.ConnectionString);

        // Replication is asynchronous: what the replica has not been told dies with the primary.
        await redis.CutReplicaOffAsync();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        await FailOverAsync(redis);

        await ServesAsync(stage);
        Assert.Equal(CallbackRedirect.Failure("expired_state"), await stage.LandAsync(state, code));
        Assert.Equal(0, stage.Exchanges(code));
        await stage.LinkAsync(Fresh.User());
    }

    [Fact]
    public async Task A_redeem_that_the_new_primary_never_heard_of_ends_no_connection_F4()
    {
        await using var redis = await RedisSentinel.StartAsync();
        await using var stage = await StartAsync(redis.ConnectionString);
        var spent = new ConcurrentDictionary<string, bool>();
        stage.Provider.Answers(request =>
            Task.FromResult(spent.TryAdd(request.Code, true) ? stage.Provider.NewTokens() : TokenReply.Refusal("invalid_grant")));
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        await Eventually.BecomesTrueAsync(redis.IsInStepAsync, TimeSpan.FromSeconds(30), "the replica knows the state");

        await redis.CutReplicaOffAsync();
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        var connection = await stage.ConnectionAsync(user);
        await FailOverAsync(redis);

        // The state exists again. The process that has redeemed it remembers that, and answers as before.
        await ServesAsync(stage);
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
        Assert.Equal(connection, await stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task A_Redis_Cluster_that_loses_a_primary_serves_all_users_again_F4()
    {
        await using var redis = await RedisCluster.StartAsync();
        await using var stage = await StartAsync(redis.ConnectionString);
        for (var i = 0; i < 10; i++) await stage.LinkAsync(Fresh.User());

        redis.KillPrimary();
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        await redis.IsWholeAsync();

        // Users are spread over all primaries by their hash: each of them is served.
        await Eventually.BecomesTrueAsync(
            async () => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stage.ConnectAsync(Jwt.For(Fresh.User()))))).All(
                answer => answer.StatusCode == HttpStatusCode.OK),
            TimeSpan.FromSeconds(60),
            "every slot is served");
        for (var i = 0; i < 20; i++) await stage.LinkAsync(Fresh.User());
    }

    private static async Task<Stage> StartAsync(string connectionString)
    {
        var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", connectionString)));
        await stage.WarmUpAsync();
        return stage;
    }

    private static async Task FailOverAsync(RedisSentinel redis)
    {
        redis.Primary.Kill();
        redis.Replica.Resume();
        await redis.IsPromotedAsync();
    }

    private static Task ServesAsync(Stage stage) => Eventually.BecomesTrueAsync(
        async () => (await stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode == HttpStatusCode.OK,
        TimeSpan.FromSeconds(60),
        "connect works");
}
