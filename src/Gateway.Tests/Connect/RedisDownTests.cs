using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class RedisDownTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private Stage _stage = null!;

    [Fact]
    public async Task Connect_says_503_at_once_while_Redis_is_dead_and_recovers_by_itself_F1()
    {
        _redis.Kill();

        await AssertUnavailableAsync();

        await _redis.RestartAsync();
        await AssertRecoversAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Connect_says_503_in_time_while_Redis_is_silent_and_recovers_by_itself_F3()
    {
        _redis.Suspend();

        await AssertUnavailableAsync();

        _redis.Resume();
        await AssertRecoversAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Speed", "Slow")]
    public async Task The_code_is_not_spent_while_Redis_is_away_F2(bool onlySilent)
    {
        var state = await _stage.StateAsync(Fresh.User());
        if (onlySilent)
        {
            _redis.Suspend();
        }
        else
        {
            _redis.Kill();
        }

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await _stage.LandAsync(state, Fresh.Code()));
        Assert.Empty(_stage.Provider.TokenRequests);
    }

    [Fact]
    public async Task A_state_of_a_Redis_that_lost_it_has_expired_F4()
    {
        var user = Fresh.User();
        await _stage.LinkAsync(user);
        var (before, exchanges) = (await _stage.ConnectionAsync(user), _stage.Provider.TokenRequests.Count);
        var state = await _stage.StateAsync(user);
        await _redis.RestartAsync();

        await Eventually.BecomesTrueAsync(
            async () => await _stage.LandAsync(state, Fresh.Code()) == CallbackRedirect.Failure("expired_state"),
            TimeSpan.FromSeconds(60),
            "Redis is back, without the state");

        Assert.Equal(exchanges, _stage.Provider.TokenRequests.Count);
        Assert.Equal(before, await _stage.ConnectionAsync(user));
    }

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", _redis.ConnectionString)));
        await _stage.StateAsync(Fresh.User());
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task AssertUnavailableAsync()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            // Redis is still down when this is answered: the request did not wait for it.
            using var response = await _stage.ConnectAsync(Jwt.For(Fresh.User()));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Refusal.AsksToRetry(response);
            await Refusal.IsProblemAsync(response);

            // Proxied requests go on, and requests without a token still get 401.
            Assert.Equal("backend", await _stage.Gateway.Client.GetStringAsync("anything"));
            await Refusal.IsUnauthorizedAsync(await _stage.ConnectAsync(token: null));
        }
    }

    private Task AssertRecoversAsync(TimeSpan within) => Eventually.BecomesTrueAsync(
        async () => (await _stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode == HttpStatusCode.OK, within, "connect works again");
}
