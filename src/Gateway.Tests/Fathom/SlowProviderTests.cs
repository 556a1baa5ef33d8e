using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class SlowProviderTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_provider_has_ten_seconds_in_all_whether_it_is_silent_or_drips_F11() => await Task.WhenAll(
        AssertGivenUpAsync(RawResponse.Silence),
        AssertGivenUpAsync(RawResponse.Drip(new string(' ', 100), TimeSpan.FromSeconds(1))));

    [Fact]
    public async Task A_slow_provider_is_waited_for_and_delays_no_other_callback_F11()
    {
        await using var stage = await Stage.StartAsync();
        var answer = new TaskCompletionSource();
        stage.Provider.Answers(async _ =>
        {
            await answer.Task;
            return stage.Provider.NewTokens();
        });
        var codes = Enumerable.Range(0, 40).Select(_ => Fresh.Code()).ToArray();
        var slow = new List<Task<string>>();
        var states = new List<string>();
        foreach (var _ in codes) states.Add(await stage.StateAsync(Fresh.User()));
        slow.AddRange(codes.Select((code, i) => stage.LandAsync(states[i], code)));
        await Eventually.BecomesTrueAsync(
            () => codes.Any(code => stage.Exchanges(code) == 1), TimeSpan.FromSeconds(60), "an exchange has begun");

        // Others are forwarded, begin, and are told that they were denied.
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.Equal(
            CallbackRedirect.Failure("access_denied"),
            await stage.LandAsync($"error=access_denied&state={await stage.StateAsync(Fresh.User())}"));
        Assert.DoesNotContain(slow, redirect => redirect.IsCompleted);

        answer.SetResult();
        Assert.All(await Task.WhenAll(slow), redirect => Assert.Equal(CallbackRedirect.Success, redirect));
    }

    private static async Task AssertGivenUpAsync(Func<RawExchange, Task> script)
    {
        var stage = new TokenEndpointStage();
        await stage.InitializeAsync();
        await using var _ = stage;

        var (redirect, accessToken) = await stage.ReconnectAsync(script);

        Assert.Equal(CallbackRedirect.Failure("provider_unavailable"), redirect);
        Assert.Equal("old-access", accessToken);
    }
}
