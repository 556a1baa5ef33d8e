using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class AbandonedCallbackTests(RealStores stores)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_tab_that_is_closed_during_the_exchange_is_connected_all_the_same_F15(bool onRealStores, bool byReset)
    {
        await using var stage = await Stage.StartAsync(
            onRealStores ? TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync()) : TestSettings.Embedded());
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        var release = new TaskCompletionSource<TokenReply>();
        stage.Provider.Answers(_ => release.Task);
        await using var tab = await RawClient.ConnectAsync(stage.Gateway.Public);
        await tab.SendAsync($"GET /fathom/callback?code={code}&state={state} HTTP/1.1\r\nHost: h\r\n\r\n");
        await Eventually.BecomesTrueAsync(() => stage.Exchanges(code) == 1, TimeSpan.FromSeconds(60), "the exchange has begun");

        if (byReset)
        {
            tab.Reset();
        }
        else
        {
            await tab.DisposeAsync();
        }

        // A request of its own, and its answer: the gateway has had time to notice that the tab is gone.
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        release.SetResult(TokenReply.Tokens("access-of-the-closed-tab", "refresh"));

        await Eventually.BecomesTrueAsync(
            async () => await stage.AccessTokenAsync(user) == "access-of-the-closed-tab",
            TimeSpan.FromSeconds(60),
            "the tokens are stored");
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }
}
