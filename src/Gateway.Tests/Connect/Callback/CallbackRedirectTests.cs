using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CallbackRedirectTests
{
    [Theory]
    [InlineData("https://app.example.test", null, "https://app.example.test/dashboard?fathom_successful=true")]
    [InlineData("https://app.example.test/", null, "https://app.example.test/dashboard?fathom_successful=true")]
    [InlineData(
        "https://app.example.test", "/settings/integrations", "https://app.example.test/settings/integrations?fathom_successful=true")]
    [InlineData("https://app.example.test/base", "/home", "https://app.example.test/base/home?fathom_successful=true")]
    [InlineData("http://localhost:3000", "/", "http://localhost:3000/?fathom_successful=true")]
    public async Task The_browser_returns_to_the_frontends_own_page_T8(string frontend, string? path, string expected)
    {
        await using var stage = await Stage.StartAsync(("FRONTEND_URL", frontend), ("FRONTEND_RETURN_PATH", path));

        using var response = await stage.CallBackAsync($"code=c&state={await stage.StateAsync(Fresh.User())}");

        Assert.Equal([expected], response.Headers.GetValues("Location"));
    }

    [Theory]
    [InlineData("returnTo=https://evil.test")]
    [InlineData("return_to=//evil.test&redirect_uri=https://evil.test&next=/%5Cevil.test")]
    [InlineData("FRONTEND_URL=https://evil.test&url=https:evil.test")]
    [InlineData("iss=https://evil.test&scope=x%0d%0aLocation:%20https://evil.test")]
    [InlineData("fathom_successful=false")]
    public async Task No_query_parameter_chooses_the_target_of_the_callbacks_redirect_T8(string extra)
    {
        await using var stage = await Stage.StartAsync();

        Assert.Equal(
            CallbackRedirect.Success, await stage.LandAsync($"{extra}&code=c&state={await stage.StateAsync(Fresh.User())}&{extra}"));
    }

    [Theory]
    [Trait("Gateway", "InProcess")]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("\\\\evil.test")]
    [InlineData("https:evil.test")]
    [InlineData("https://evil.test")]
    [InlineData("@evil.test")]
    [InlineData(".evil.test")]
    [InlineData("/x\r\nLocation: https://evil.test")]
    public async Task A_return_path_that_leads_elsewhere_stops_the_start_T8(string path)
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => Stage.StartAsync(("FRONTEND_RETURN_PATH", path)));

        Assert.Contains("FRONTEND_RETURN_PATH", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_host_does_not_change_the_callbacks_redirect_T8()
    {
        await using var stage = await Stage.StartAsync();
        var state = await stage.StateAsync(Fresh.User());

        var answer = await RawClient.ExchangeAsync(
            stage.Gateway.Public,
            $"GET http://evil.test/fathom/callback?code=c&state={state} HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\n"
                + "Forwarded: host=evil.test\r\nConnection: close\r\n\r\n");

        Assert.Equal(CallbackRedirect.Success, answer.Header("Location"));
        Assert.Equal(TestSettings.RedirectUri, Assert.Single(stage.Provider.TokenRequests).Field("redirect_uri"));
    }
}
