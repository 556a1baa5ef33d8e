using System.Net;
using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class LinkConfirmationTests : IAsyncLifetime
{
    private Stage _stage = null!;

    [Fact]
    public async Task No_code_is_exchanged_before_the_user_confirms()
    {
        var (user, code) = (new BrowserUser(_stage, Fresh.User()), Fresh.Code());
        var handle = await user.ParkAsync(await user.BeginAsync(), code);
        Assert.Equal(0, _stage.Exchanges(code));
        Assert.Null(await _stage.ConnectionAsync(user.User));

        Assert.Equal((HttpStatusCode.OK, "connected"), await user.ToldAsync(handle));

        Assert.Equal(1, _stage.Exchanges(code));
        Assert.NotNull(await _stage.AccessTokenAsync(user.User));
        Assert.Contains(
            _stage.Audit(user.User),
            line => line.Contains("was linked", StringComparison.Ordinal) && line.Contains("binding Confirm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_PKCE_verifier_reaches_the_exchange_after_a_confirmation()
    {
        await using var pkce = await Stage.StartAsync(("LINK_BINDING", "confirm"), ("FATHOM_PKCE", "S256"));
        var (user, code) = (new BrowserUser(pkce, Fresh.User()), Fresh.Code());

        Assert.Equal((HttpStatusCode.OK, "connected"), await user.ToldAsync(await user.ParkAsync(await user.BeginAsync(), code)));

        Assert.Equal(43, pkce.Provider.TokenRequests.Single(request => request.Code == code).Field("code_verifier").Length);
    }

    [Fact]
    public async Task A_repeated_callback_and_a_repeated_confirmation_have_the_first_outcome_T4()
    {
        var (user, code) = (new BrowserUser(_stage, Fresh.User()), Fresh.Code());
        var state = await user.BeginAsync();
        var handle = await user.ParkAsync(state, code);
        Assert.Equal(handle, await user.ParkAsync(state, code));

        var told = await Task.WhenAll(user.ToldAsync(handle), user.ToldAsync(handle), user.ToldAsync(handle));

        Assert.All(told, one => Assert.Equal((HttpStatusCode.OK, "connected"), one));
        Assert.Equal(handle, await user.ParkAsync(state, code));
        Assert.Equal((HttpStatusCode.OK, "connected"), await user.ToldAsync(handle));
        Assert.Equal(1, _stage.Exchanges(code));
    }

    [Fact]
    public async Task A_denial_or_an_invalid_state_is_reported_without_a_confirmation()
    {
        var user = new BrowserUser(_stage, Fresh.User());

        Assert.Equal(
            CallbackRedirect.Failure("access_denied"), await _stage.LandAsync($"error=access_denied&state={await user.BeginAsync()}"));
        Assert.Equal(CallbackRedirect.Failure("invalid_state"), await _stage.LandAsync("code=x&state=y"));
    }

    [Fact]
    public async Task A_code_that_the_provider_refuses_at_the_confirmation_is_a_problem_also_when_repeated()
    {
        var (user, code) = (new BrowserUser(_stage, Fresh.User()), Fresh.Code());
        var handle = await user.ParkAsync(await user.BeginAsync(), code);
        _stage.Provider.AnswersNext(TokenReply.Refusal("invalid_grant"));

        Assert.Equal((HttpStatusCode.BadGateway, "exchange_failed"), await user.ToldAsync(handle));
        Assert.Equal((HttpStatusCode.BadGateway, "exchange_failed"), await user.ToldAsync(handle));
        Assert.Equal(1, _stage.Exchanges(code));
    }

    [Fact]
    public async Task An_invalid_handle_is_refused_and_spends_nothing_T2()
    {
        var (user, code) = (new BrowserUser(_stage, Fresh.User()), Fresh.Code());
        var state = await user.BeginAsync();
        var handle = await user.ParkAsync(state, code);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await user.ToldAsync(""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await user.ToldAsync(state));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await new BrowserUser(_stage, Fresh.User()).ToldAsync(handle[..^1]));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_state"), await new BrowserUser(_stage, Fresh.User()).ToldAsync(new string('x', 2_000)));

        // Nor is a handle a state.
        Assert.Equal(CallbackRedirect.Failure("invalid_state"), await user.LandAsync(handle, code));
        Assert.Equal((HttpStatusCode.OK, "connected"), await user.ToldAsync(handle));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
