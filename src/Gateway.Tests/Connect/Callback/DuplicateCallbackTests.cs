using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class DuplicateCallbackTests(Stage stage) : IClassFixture<Stage>
{
    private const int Copies = 20;

    [Fact]
    public async Task A_repeated_callback_has_the_first_outcome_T4()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        var row = await stage.ConnectionAsync(user);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        }

        Assert.Equal(1, stage.Exchanges(code));
        Assert.Equal(row, await stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task A_repeated_failed_callback_has_the_same_failure_T4()
    {
        var code = Fresh.Code();
        var state = await stage.StateAsync(Fresh.User());
        stage.Provider.AnswersNext(TokenReply.Refusal("invalid_grant"));

        Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(state, code));
        Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copies_of_a_callback_that_arrive_during_the_exchange_wait_for_its_outcome_T4(bool succeeds)
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        var release = new TaskCompletionSource<TokenReply>();
        stage.Provider.Answers(_ => release.Task);

        try
        {
            var redirects = Enumerable.Range(0, Copies).Select(_ => stage.LandAsync(state, code)).ToArray();
            await Eventually.BecomesTrueAsync(() => stage.Exchanges(code) > 0, TimeSpan.FromSeconds(60), "the exchange has begun");
            Assert.DoesNotContain(redirects, redirect => redirect.IsCompletedSuccessfully);
            release.SetResult(succeeds ? stage.Provider.NewTokens() : TokenReply.Refusal("invalid_grant"));

            var expected = succeeds ? CallbackRedirect.Success : CallbackRedirect.Failure("exchange_failed");
            Assert.All(await Task.WhenAll(redirects), redirect => Assert.Equal(expected, redirect));
            Assert.Equal(1, stage.Exchanges(code));
            Assert.Equal(succeeds, await stage.ConnectionAsync(user) is not null);
        }
        finally
        {
            stage.Provider.Answers(_ => Task.FromResult(stage.Provider.NewTokens()));
        }
    }

    [Fact]
    public async Task A_settled_state_with_another_response_is_expired()
    {
        var (cancelled, allowed) = (await stage.StateAsync(Fresh.User()), await stage.StateAsync(Fresh.User()));
        var (unused, code) = (Fresh.Code(), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("access_denied"), await stage.LandAsync($"error=access_denied&state={cancelled}"));
        Assert.Equal(CallbackRedirect.Failure("expired_state"), await stage.LandAsync(cancelled, unused));
        Assert.Equal(CallbackRedirect.Failure("access_denied"), await stage.LandAsync($"error=access_denied&state={cancelled}"));

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(allowed, code));
        Assert.Equal(CallbackRedirect.Failure("expired_state"), await stage.LandAsync(allowed, unused));
        Assert.Equal(CallbackRedirect.Failure("expired_state"), await stage.LandAsync($"error=access_denied&state={allowed}"));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(allowed, code));
        Assert.Equal(0, stage.Exchanges(unused));
    }

    [Fact]
    public async Task A_state_with_many_codes_causes_one_exchange_T4()
    {
        var state = await stage.StateAsync(Fresh.User());
        var before = stage.Provider.TokenRequests.Count;

        await Task.WhenAll(Enumerable.Range(0, Copies).Select(_ => stage.LandAsync(state, Fresh.Code())));

        Assert.Equal(before + 1, stage.Provider.TokenRequests.Count);
    }
}
