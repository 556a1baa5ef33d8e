using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ReplicasTests(RealStores stores)
{
    [Fact]
    public async Task Two_replicas_with_one_state_make_one_exchange_and_give_one_outcome_T4()
    {
        using var provider = ScriptedProvider.Start();
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), provider.Settings);
        await using var one = await Stage.StartAsync(new Dictionary<string, string?>(settings));
        await using var other = await Stage.StartAsync(new Dictionary<string, string?>(settings));
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await one.StateAsync(user);
        var release = new TaskCompletionSource<TokenReply>();
        provider.Answers(_ => release.Task);

        var redirects = Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).LandAsync(state, code)).ToArray();
        await Eventually.BecomesTrueAsync(() => provider.TokenRequests.Count > 0, TimeSpan.FromSeconds(60), "the exchange has begun");
        release.SetResult(provider.NewTokens());

        Assert.All(await Task.WhenAll(redirects), redirect => Assert.Equal(CallbackRedirect.Success, redirect));
        Assert.Equal(CallbackRedirect.Success, await other.LandAsync(state, code));
        Assert.Single(provider.TokenRequests);
        Assert.Equal(1, (await other.ConnectionAsync(user))!.Version);
    }
}
