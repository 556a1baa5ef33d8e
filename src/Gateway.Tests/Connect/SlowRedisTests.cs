using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class SlowRedisTests : IAsyncLifetime
{
    // Part of a key that a redeem names and the saving of a state does not, as it stands on the wire.
    private const string Redeem = ":receipt:";

    // Only a record, on its way back to the redeemer, has this in it.
    private const string Record = "user_id";

    private RedisServer _redis = null!;
    private FaultProxy _path = null!;
    private Stage _stage = null!;

    [Fact]
    public Task A_browser_that_goes_away_while_the_state_is_redeemed_is_connected_all_the_same_F15() => ConnectsAsync(async (state, code) =>
    {
        var redeems = _path.ToServer.Seen(Redeem);
        _path.FromServer.Hold();
        await using (var browser = await RawClient.ConnectAsync(_stage.Gateway.Public))
        {
            await browser.SendAsync($"GET /fathom/callback?code={code}&state={state} HTTP/1.1\r\nHost: x\r\n\r\n");
            await _path.ToServer.SeesAsync(Redeem, redeems + 1);
            browser.Reset();
        }

        // A request of its own, and its answer: the gateway has had time to notice that the browser is gone.
        Assert.Equal("backend", await _stage.Gateway.Client.GetStringAsync("anything"));
        _path.FromServer.Release();

        // No other request has asked for it yet. On a busy machine the redeem may have been given up: then once more.
        for (var left = 100; left > 0 && _stage.Exchanges(code) == 0; left--) await Task.Delay(50);
        return _stage.Exchanges(code) == 1 ? await _stage.LandAsync(state, code) : "nowhere";
    });

    [Fact]
    public Task A_redeem_that_Redis_answers_too_late_is_repeated_F3() => ConnectsAsync(async (state, code) =>
    {
        var before = _path.ToServer.Seen(Redeem);
        _path.FromServer.Hold();
        var redirect = _stage.LandAsync(state, code);
        await _path.ToServer.SeesAsync(Redeem, before + 2);
        _path.FromServer.Release();
        return await redirect;
    });

    [Fact]
    public Task A_redeem_whose_answer_is_lost_with_the_Redis_connection_is_repeated_F3() => ConnectsAsync((state, code) =>
    {
        _path.FromServer.CutBefore(Record);
        return _stage.LandAsync(state, code);
    });

    [Fact]
    public Task An_outcome_whose_write_was_lost_with_the_Redis_connection_is_written_again_F3() => ConnectsAsync((state, code) =>
    {
        // The receipt's value, as it leaves us.
        _path.ToServer.CutBefore("connected");
        return _stage.LandAsync(state, code);
    });

    [Fact]
    public async Task A_Redis_without_GETDEL_serves_too()
    {
        await using var redis = await RedisServer.StartAsync("--rename-command", "GETDEL", "");
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", redis.ConnectionString)));
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _path = FaultProxy.Start(_redis.Port);
        _stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", $"redis://127.0.0.1:{_path.Port}")));
        await Eventually.BecomesTrueAsync(
            async () => (await _stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode == HttpStatusCode.OK,
            TimeSpan.FromSeconds(30),
            "Redis is connected");
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _path.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>
    /// The gateway asks again for a few seconds. On a machine with other work they may all go by in waiting for it: then the next user is
    /// tried.
    /// </summary>
    private Task ConnectsAsync(Func<string, string, Task<string>> land) => Eventually.BecomesTrueAsync(
        async () =>
        {
            using var response = await _stage.ConnectAsync(Jwt.For(Fresh.User()));
            if (response.StatusCode != HttpStatusCode.OK) return false;
            var (state, code) = ((await AuthorizationUrl.ReadAsync(response))["state"], Fresh.Code());
            return await land(state, code) == CallbackRedirect.Success
                && await _stage.LandAsync(state, code) == CallbackRedirect.Success
                && _stage.Exchanges(code) == 1;
        },
        TimeSpan.FromSeconds(60),
        "a user is connected, and told so twice");
}
