using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class DeniedConsentTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_user_who_denies_consent_keeps_the_old_connection_and_the_state_is_spent_F14()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        await stage.LinkAsync(user);
        var before = await stage.ConnectionAsync(user);
        var state = await stage.StateAsync(user);

        Assert.Equal(CallbackRedirect.Failure("access_denied"), await stage.LandAsync($"error=access_denied&state={state}"));

        Assert.NotEqual(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(0, stage.Exchanges(code));
        Assert.Equal(before, await stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task A_denial_that_is_reloaded_is_the_same_denial_F14()
    {
        var query = $"error=access_denied&error_description=no&state={await stage.StateAsync(Fresh.User())}";

        Assert.Equal(CallbackRedirect.Failure("access_denied"), await stage.LandAsync(query));
        Assert.Equal(CallbackRedirect.Failure("access_denied"), await stage.LandAsync(query));
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData("temporarily_unavailable")]
    [InlineData("invalid_scope")]
    [InlineData("unauthorized_client")]
    [InlineData("invented_by_the_provider")]
    [InlineData("ACCESS_DENIED")]
    [InlineData("invalid_state%26fathom_successful%3Dtrue")]
    [InlineData("%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("x%0d%0aSet-Cookie:%20a=b")]
    [InlineData("%0a")]
    [InlineData("%00")]
    [InlineData("%ed%a0%80")]
    [InlineData("")]
    public async Task No_word_of_the_provider_reaches_the_frontend_T11_F14(string error)
    {
        var user = Fresh.User();
        var state = await stage.StateAsync(user);

        // LandAsync checks that the address is one of those that the README lists under "The public routes".
        var redirect = await stage.LandAsync(
            $"error={error}&error_description=%3Cscript%3E%0d%0aLocation:%20https://evil.test&error_uri=https://evil.test&state={state}");

        Assert.NotEqual(CallbackRedirect.Success, redirect);
        Assert.Null(await stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task A_long_error_description_is_handled_as_a_short_one_T11()
    {
        var state = await stage.StateAsync(Fresh.User());

        Assert.Equal(
            CallbackRedirect.Failure("access_denied"),
            await stage.LandAsync($"error=access_denied&error_description={new string('x', 3_000)}&state={state}"));
    }

    [Theory]
    [InlineData("error=access_denied")]
    [InlineData("error=access_denied&state=garbage")]
    public async Task An_error_response_without_a_valid_state_is_an_invalid_state_F14(string query) =>
        Assert.Equal(CallbackRedirect.Failure("invalid_state"), await stage.LandAsync(query));

    [Fact]
    public async Task An_error_response_that_also_has_a_code_is_no_success_F14()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());

        Assert.NotEqual(
            CallbackRedirect.Success, await stage.LandAsync($"error=access_denied&code={code}&state={await stage.StateAsync(user)}"));
        Assert.Equal(0, stage.Exchanges(code));
        Assert.Null(await stage.ConnectionAsync(user));
    }

    [Theory]
    [InlineData("")]
    [InlineData("code=&")]
    [InlineData("code=one&code=two&")]
    [InlineData("code=same&code=same&")]
    [InlineData("CODE=&")]
    [InlineData("{long}")]
    public async Task A_callback_without_exactly_one_usable_code_spends_none(string query)
    {
        var user = Fresh.User();
        var (state, before) = (await stage.StateAsync(user), stage.Provider.TokenRequests.Count);

        var redirect =
            await stage.LandAsync($"{query.Replace("{long}", $"code={new string('c', 4_000)}&", StringComparison.Ordinal)}state={state}");

        Assert.NotEqual(CallbackRedirect.Success, redirect);
        Assert.Equal(before, stage.Provider.TokenRequests.Count);
        Assert.Null(await stage.ConnectionAsync(user));
    }
}
