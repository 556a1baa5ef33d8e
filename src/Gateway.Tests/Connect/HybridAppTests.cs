using FathomGateway.Connect;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>Frontends whose pages have a scheme of their own, and those that find their pages by a fragment.</summary>
public sealed class HybridAppTests
{
    [Theory]
    [InlineData("https://app.example.test", null, "https://app.example.test/dashboard")]
    [InlineData("https://app.example.test/base/", "/done", "https://app.example.test/base/done")]
    [InlineData("capacitor://localhost", null, "capacitor://localhost/dashboard")]
    [InlineData("ionic://localhost/", "/", "ionic://localhost/")]
    [InlineData("tauri://localhost", "/#/done", "tauri://localhost/#/done")]
    [InlineData("http://tauri.localhost", null, "http://tauri.localhost/dashboard")]
    [InlineData("com.example.app://done", "/", "com.example.app://done/")]
    [InlineData("com.example.app://", null, "com.example.app:///dashboard")]
    [InlineData("https://app.example.test", "/#/dashboard", "https://app.example.test/#/dashboard")]
    [InlineData("https://app.example.test", "#/dashboard", "https://app.example.test/#/dashboard")]
    [InlineData("https://app.example.test", "/#!/dashboard", "https://app.example.test/#!/dashboard")]
    [InlineData("https://app.example.test/base", "/app#/dashboard", "https://app.example.test/base/app#/dashboard")]
    [InlineData("https://app.example.test/#", null, "https://app.example.test/#/dashboard")]
    [InlineData("https://app.example.test/#/", null, "https://app.example.test/#/dashboard")]
    [InlineData("https://app.example.test/base/#/", "/b \u00fc", "https://app.example.test/base/#/b%20%C3%BC")]
    public void The_return_address_is_made_of_FRONTEND_URL_and_the_path(string frontend, string? path, string expected) =>
        Assert.Equal(expected, Read(frontend, path).ReturnUrl);

    [Theory]
    [InlineData("htps://app.example.test", null)]
    [InlineData("httpss://app.example.test", null)]
    [InlineData("javascript://app.example.test/%0aalert(1)", null)]
    [InlineData("data://text/html,x", null)]
    [InlineData("file:///index.html", null)]
    [InlineData("redis://localhost", null)]
    [InlineData("localhost:3000", null)]
    [InlineData("capacitor:localhost", null)]
    [InlineData("https://app.example.test/#anchor", null)]
    [InlineData("https://app.example.test/#/", "/#/dashboard")]
    [InlineData("https://app.example.test/?", null)]
    [InlineData("https://app.example.test", "/#/dashboard?x=1")]
    [InlineData("https://app.example.test", "dashboard")]
    [InlineData("https://app.example.test", "//evil.test/#/")]
    public void An_invalid_FRONTEND_URL_or_return_path_is_a_fault(string frontend, string? path) =>
        Assert.Throws<SettingsException>(() => Read(frontend, path));

    [Theory]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("ionic://localhost", "ionic://localhost")]
    [InlineData("tauri://localhost", "tauri://localhost")]
    public async Task An_app_whose_pages_have_a_scheme_of_their_own_connects(string frontend, string origin)
    {
        await using var stage = await Stage.StartAsync(("FRONTEND_URL", frontend));
        using var answer = await stage.ConnectAsync(Jwt.For(Fresh.User()), origin);
        Assert.Equal([origin], answer.Headers.GetValues("Access-Control-Allow-Origin"));

        var state = (await AuthorizationUrl.ReadAsync(answer))["state"];
        using var redirect = await stage.CallBackAsync($"code={Fresh.Code()}&state={state}");
        Assert.Equal($"{frontend}/dashboard?fathom_successful=true", redirect.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_hash_router_finds_outcome_and_handle_behind_its_route()
    {
        await using var stage = await Stage.StartAsync(("FRONTEND_RETURN_PATH", "/#/dashboard"), ("LINK_BINDING", "confirm"));
        var user = new BrowserUser(stage, Fresh.User());
        using var parked = await user.ReturnAsync(await user.BeginAsync(), Fresh.Code());
        var location = parked.Headers.Location!.OriginalString;

        var start = $"{TestSettings.FrontendUrl}/#/dashboard?fathom_confirm=";
        Assert.StartsWith(start, location, StringComparison.Ordinal);
        using var confirmed = await user.ConfirmAsync(location[start.Length..]);
        Assert.True(confirmed.IsSuccessStatusCode);
        using var failed = await stage.CallBackAsync("error=access_denied&state=x");
        Assert.Equal(
            $"{TestSettings.FrontendUrl}/#/dashboard?fathom_successful=false&fathom_error=invalid_state",
            failed.Headers.Location?.OriginalString);
    }

    private static FrontendOptions Read(string frontend, string? path)
    {
        var settings = TestSettings.Reader(("FRONTEND_URL", frontend), ("FRONTEND_RETURN_PATH", path));
        var options = FrontendOptions.Read(settings);
        settings.ThrowIfFaulty();
        return options!;
    }
}
