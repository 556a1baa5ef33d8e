using System.Net;
using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class LinkConfirmationTests : IAsyncLifetime
{
    private Stage _stage = null!;

    [Fact]
    public async Task Nothing_is_exchanged_before_the_user_confirms()
    {
        var (visitor, code) = (new Visitor(_stage, Fresh.User()), Fresh.Code());
        var handle = await visitor.ParkAsync(await visitor.BeginAsync(), code);
        Assert.Equal(0, _stage.Exchanges(code));
        Assert.Null(await _stage.ConnectionAsync(visitor.User));

        Assert.Equal((HttpStatusCode.OK, "connected"), await visitor.ToldAsync(handle));

        Assert.Equal(1, _stage.Exchanges(code));
        Assert.NotNull(await _stage.AccessTokenAsync(visitor.User));
        Assert.Contains(
            _stage.Audit(visitor.User),
            line => line.Contains("was linked", StringComparison.Ordinal) && line.Contains("binding Confirm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_verifier_of_the_flow_reaches_the_exchange()
    {
        await using var pkce = await Stage.StartAsync(("LINK_BINDING", "confirm"), ("FATHOM_PKCE", "S256"));
        var (visitor, code) = (new Visitor(pkce, Fresh.User()), Fresh.Code());

        Assert.Equal((HttpStatusCode.OK, "connected"), await visitor.ToldAsync(await visitor.ParkAsync(await visitor.BeginAsync(), code)));

        Assert.Equal(43, pkce.Provider.TokenRequests.Single(request => request.Code == code).Field("code_verifier").Length);
    }

    [Fact]
    public async Task The_same_callback_and_the_same_confirmation_again_have_the_first_outcome_again_T4()
    {
        var (visitor, code) = (new Visitor(_stage, Fresh.User()), Fresh.Code());
        var state = await visitor.BeginAsync();
        var handle = await visitor.ParkAsync(state, code);
        Assert.Equal(handle, await visitor.ParkAsync(state, code));

        var told = await Task.WhenAll(visitor.ToldAsync(handle), visitor.ToldAsync(handle), visitor.ToldAsync(handle));

        Assert.All(told, one => Assert.Equal((HttpStatusCode.OK, "connected"), one));
        Assert.Equal(handle, await visitor.ParkAsync(state, code));
        Assert.Equal((HttpStatusCode.OK, "connected"), await visitor.ToldAsync(handle));
        Assert.Equal(1, _stage.Exchanges(code));
    }

    [Fact]
    public async Task What_is_not_to_be_confirmed_is_told_at_once()
    {
        var visitor = new Visitor(_stage, Fresh.User());

        Assert.Equal(Landing.Failure("access_denied"), await _stage.LandAsync($"error=access_denied&state={await visitor.BeginAsync()}"));
        Assert.Equal(Landing.Failure("invalid_state"), await _stage.LandAsync("code=x&state=y"));
    }

    [Fact]
    public async Task A_provider_that_refuses_the_code_is_told_as_a_problem_and_a_repetition_is_told_the_same()
    {
        var (visitor, code) = (new Visitor(_stage, Fresh.User()), Fresh.Code());
        var handle = await visitor.ParkAsync(await visitor.BeginAsync(), code);
        _stage.Provider.AnswersNext(TokenReply.Refusal("invalid_grant"));

        Assert.Equal((HttpStatusCode.BadGateway, "exchange_failed"), await visitor.ToldAsync(handle));
        Assert.Equal((HttpStatusCode.BadGateway, "exchange_failed"), await visitor.ToldAsync(handle));
        Assert.Equal(1, _stage.Exchanges(code));
    }

    [Fact]
    public async Task What_is_no_handle_of_ours_is_refused_and_burns_nothing_T2()
    {
        var (visitor, code) = (new Visitor(_stage, Fresh.User()), Fresh.Code());
        var state = await visitor.BeginAsync();
        var handle = await visitor.ParkAsync(state, code);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await visitor.ToldAsync(""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await visitor.ToldAsync(state));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await new Visitor(_stage, Fresh.User()).ToldAsync(handle[..^1]));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_state"), await new Visitor(_stage, Fresh.User()).ToldAsync(new string('x', 2_000)));

        // Nor is a handle a state.
        Assert.Equal(Landing.Failure("invalid_state"), await visitor.LandAsync(handle, code));
        Assert.Equal((HttpStatusCode.OK, "connected"), await visitor.ToldAsync(handle));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
