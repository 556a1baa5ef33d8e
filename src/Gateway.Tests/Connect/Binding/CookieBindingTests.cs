using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CookieBindingTests : IAsyncLifetime
{
    private Stage _stage = null!;

    [Fact]
    public async Task The_binding_cookie_is_for_this_host_and_for_no_script()
    {
        var user = new BrowserUser(_stage, Fresh.User());

        Assert.Equal(CallbackRedirect.Success, await user.LandAsync(await user.BeginAsync(), Fresh.Code()));

        var parts = Assert.Single(user.SetCookies).Split("; ");
        Assert.Matches($"^{BrowserUser.CookieName}=[A-Za-z0-9_-]{{43}}$", parts[0]);
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], parts[1..].Select(part => part.ToLowerInvariant()).Order());
    }

    [Fact]
    public async Task Several_tabs_of_one_browser_share_the_cookie_and_all_connect()
    {
        var user = new BrowserUser(_stage, Fresh.User());
        string[] states = [await user.BeginAsync(), await user.BeginAsync(), await user.BeginAsync()];

        Assert.Single(user.SetCookies);
        foreach (var state in states.Reverse()) Assert.Equal(CallbackRedirect.Success, await user.LandAsync(state, Fresh.Code()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task A_malformed_binding_cookie_is_replaced(string value)
    {
        var user = new BrowserUser(_stage, Fresh.User()) { Cookie = $"{BrowserUser.CookieName}={value}" };
        var state = await user.BeginAsync();

        Assert.Single(user.SetCookies);
        Assert.Equal(CallbackRedirect.Success, await user.LandAsync(state, Fresh.Code()));
    }

    [Theory]
    [InlineData("__HOST-FATHOM_BINDER={0}")]
    [InlineData("__host-fathom_binder={0}")]
    [InlineData("__Host-Fathom_binder={0}")]
    [InlineData(" __Secure-fathom_binder={0}")]
    [InlineData("__Host-fathom_binder ={0}")]
    [InlineData("__Host-fathom_binder=\"{0}\"")]
    [InlineData("x=__Host-fathom_binder={0}")]
    [InlineData("__Host-fathom_binder={0}; __Host-fathom_binder={0}")]
    [InlineData("__Host-fathom_binder={0}; __Host-fathom_binder=")]
    public async Task A_cookie_whose_name_only_resembles_the_binding_cookies_is_ignored(string cookies)
    {
        var user = new BrowserUser(_stage, Fresh.User());
        var state = await user.BeginAsync();
        user.Cookie = string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, user.Cookie!.Split('=')[1]);

        Assert.Equal(CallbackRedirect.Failure("not_confirmed"), await user.LandAsync(state, Fresh.Code()));
    }

    [Theory]
    [InlineData("a=b; {0}; c=d")]
    [InlineData("a=b;{0}")]
    [InlineData("__HOST-FATHOM_BINDER=x; {0}")]
    [InlineData("; =; \"; {0};")]
    public async Task Other_cookies_beside_the_binding_cookie_do_no_harm(string cookies)
    {
        var user = new BrowserUser(_stage, Fresh.User());
        var state = await user.BeginAsync();
        user.Cookie = string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, user.Cookie);

        Assert.Equal(CallbackRedirect.Success, await user.LandAsync(state, Fresh.Code()));
    }

    [Fact]
    public async Task A_refused_connect_sets_no_binding_cookie()
    {
        using var response = await _stage.ConnectAsync(token: null);

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("confirm")]
    public async Task No_binding_cookie_is_set_unless_LINK_BINDING_is_cookie(string binding)
    {
        await using var other = await Stage.StartAsync(("LINK_BINDING", binding));
        var user = new BrowserUser(other, Fresh.User());
        await user.BeginAsync();

        Assert.Empty(user.SetCookies);
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("LINK_BINDING", "cookie"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
