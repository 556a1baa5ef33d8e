using System.Net;
using FathomGateway.Tests.Audit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>Cross-user session fixation: an attacker begins, and has a victim finish.</summary>
public sealed class SessionFixationTests
{
    [Fact]
    public async Task A_flow_bound_by_cookie_does_not_end_in_the_browser_of_another_user_T1()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "cookie"));
        var (attacker, victim, code) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()), Fresh.Code());
        var state = await attacker.BeginAsync();
        await victim.BeginAsync();

        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await victim.LandAsync(state, code));

        // The state is spent: not even the browser that began can use it now.
        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await attacker.LandAsync(state, code));
        await AssertNothingHappenedAsync(stage, attacker, victim, code);
    }

    [Fact]
    public async Task A_flow_bound_by_cookie_does_not_end_in_a_browser_without_the_cookie_T1()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "cookie"));
        var (attacker, victim, code) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await victim.LandAsync(await attacker.BeginAsync(), code));
        await AssertNothingHappenedAsync(stage, attacker, victim, code);
    }

    [Fact]
    public async Task A_flow_bound_by_confirmation_is_not_confirmed_by_another_user_T1()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));
        var (attacker, victim, code) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()), Fresh.Code());
        var handle = await victim.ParkAsync(await attacker.BeginAsync(), code);

        Assert.Equal((HttpStatusCode.Forbidden, "not_confirmed"), await victim.ToldAsync(handle));

        // The handle is spent: not even the user who began can use it now.
        Assert.Equal((HttpStatusCode.Forbidden, "not_confirmed"), await attacker.ToldAsync(handle));
        await AssertNothingHappenedAsync(stage, attacker, victim, code);
        Assert.Contains(
            stage.Audit(attacker.User),
            line => line.Contains("confirmed by user", StringComparison.Ordinal) && line.Contains(victim.User, StringComparison.Ordinal));
    }

    /// <summary>The default, and the reason for the other two: tested here to document that it is not safe.</summary>
    [Fact]
    public async Task A_session_fixation_without_a_binding_succeeds_and_is_logged_T1()
    {
        await using var stage = await Stage.StartAsync();
        var (attacker, victim, code) =
            (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()) { UserAgent = "Another/1.0" }, Fresh.Code());

        Assert.Equal(CallbackRedirect.Success, await victim.LandAsync(await attacker.BeginAsync(), code));

        Assert.NotNull(await stage.ConnectionAsync(attacker.User));
        Assert.Null(await stage.ConnectionAsync(victim.User));
        Assert.Contains(stage.Audit(attacker.User), line => line.Contains("was linked", StringComparison.Ordinal)
            && line.Contains("network differs: False, user agent differs: True", StringComparison.Ordinal));
        Assert.Contains(stage.Gateway.Log.Lines, line =>
            line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("LINK_BINDING is none", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("cookie")]
    [InlineData("confirm")]
    public async Task An_attackers_response_that_a_victim_opens_leaves_the_victims_row_alone_T3(string binding)
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", binding));
        var (attacker, victim) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()));
        var (state, code) = (await victim.BeginAsync(), Fresh.Code());
        if (binding == "confirm")
            Assert.Equal((HttpStatusCode.OK, "connected"), await victim.ToldAsync(await victim.ParkAsync(state, code)));
        else Assert.Equal(CallbackRedirect.Success, await victim.LandAsync(state, code));
        var row = await stage.ConnectionAsync(victim.User);

        using (await victim.ReturnAsync(await attacker.BeginAsync(), Fresh.Code()))
        {
            Assert.Equal(row, await stage.ConnectionAsync(victim.User));
        }
    }

    [Fact]
    public async Task A_leaked_response_is_worthless_before_and_after_its_use_with_a_cookie_T6()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "cookie"));
        var (user, thief) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()));
        await thief.BeginAsync();

        var (first, firstCode) = (await user.BeginAsync(), Fresh.Code());
        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await thief.LandAsync(first, firstCode));
        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await user.LandAsync(first, firstCode));
        Assert.Equal(0, stage.Exchanges(firstCode));

        var (second, secondCode) = (await user.BeginAsync(), Fresh.Code());
        Assert.Equal(CallbackRedirect.Success, await user.LandAsync(second, secondCode));
        using var replayed = await thief.ReturnAsync(second, secondCode);
        Assert.Equal(1, stage.Exchanges(secondCode));
        Assert.Null(await stage.ConnectionAsync(thief.User));
    }

    [Fact]
    public async Task A_leaked_response_is_worthless_before_and_after_its_use_with_confirmation_T6()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));
        var (user, thief) = (new BrowserUser(stage, Fresh.User()), new BrowserUser(stage, Fresh.User()));

        var (first, firstCode) = (await user.BeginAsync(), Fresh.Code());
        Assert.Equal((HttpStatusCode.Forbidden, "not_confirmed"), await thief.ToldAsync(await thief.ParkAsync(first, firstCode)));
        Assert.Equal((HttpStatusCode.Forbidden, "not_confirmed"), await user.ToldAsync(await user.ParkAsync(first, firstCode)));
        Assert.Equal(0, stage.Exchanges(firstCode));

        var (second, secondCode) = (await user.BeginAsync(), Fresh.Code());
        Assert.Equal((HttpStatusCode.OK, "connected"), await user.ToldAsync(await user.ParkAsync(second, secondCode)));
        Assert.Equal((HttpStatusCode.Forbidden, "not_confirmed"), await thief.ToldAsync(await thief.ParkAsync(second, secondCode)));
        Assert.Equal(1, stage.Exchanges(secondCode));
        Assert.Null(await stage.ConnectionAsync(thief.User));
    }

    private static async Task AssertNothingHappenedAsync(Stage stage, BrowserUser attacker, BrowserUser victim, string code)
    {
        Assert.Equal(0, stage.Exchanges(code));
        Assert.Null(await stage.ConnectionAsync(attacker.User));
        Assert.Null(await stage.ConnectionAsync(victim.User));
        Assert.Contains(stage.Audit(attacker.User), line => line.Contains("not_confirmed", StringComparison.Ordinal));
    }
}
