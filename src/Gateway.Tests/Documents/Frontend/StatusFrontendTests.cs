using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>
/// The code of docs/frontend.md in Chromium: what the page shows once the outcome was shown, after a disconnect, and with an expired JWT.
/// </summary>
[Collection(nameof(FrontendGroup))]
[Trait("Speed", "Slow")]
public sealed class StatusFrontendTests(FrontendStage frontend, Browser browser)
{
    [Fact]
    public async Task A_component_that_is_mounted_again_shows_the_status_and_not_the_old_outcome()
    {
        var page = await OpenAsync(Fresh.User(), "remount.html?fathom_successful=true");
        await SaysAsync(page, "connected");

        await page.EvaluateAsync("remount()");

        await SaysAsync(page, "not_connected");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_frontend_code_calls_a_JWT_function_at_each_request()
    {
        var user = Fresh.User();
        var expired = Jwt.For(user, payload: """{"exp":1}""");
        var page = await frontend.OpenAsync(browser, expired, FrontendStage.Address(frontend.Plain), "remount.html");
        await SaysAsync(page, "signed_out");

        await page.EvaluateAsync("jwt => { sessionStorage.jwt = jwt; }", Jwt.For(user));
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await SaysAsync(page, "connected");
        Assert.NotNull(await frontend.Plain.ConnectionAsync(user));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_frontend_code_asks_for_a_sign_in_if_the_JWT_function_returns_none()
    {
        var page = await frontend.OpenAsync(browser, null, FrontendStage.Address(frontend.Plain), "remount.html");

        await SaysAsync(page, "signed_out");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_disconnects_is_offered_to_connect()
    {
        var user = Fresh.User();
        (await frontend.Plain.CallBackAsync($"code={Fresh.Code()}&state={await frontend.Plain.StateAsync(user)}")).Dispose();
        Assert.NotNull(await frontend.Plain.ConnectionAsync(user));
        var page = await OpenAsync(user, "dashboard");
        await SaysAsync(page, "connected");

        var lines = new Document("docs/frontend.md").Blocks("js").Single(block => block.Heading == "Status and disconnect").Content;
        await page.EvaluateAsync($$"""
            () => {
              const headers = { Authorization: `Bearer ${sessionStorage.jwt}` };
              const axios = { delete: () => fetch(`${gatewayAddress}/fathom/connection`, { method: "DELETE", headers }) };
              {{lines}}
              disconnect();
            }
            """);

        await SaysAsync(page, "not_connected");
        Assert.Null(await frontend.Plain.ConnectionAsync(user));
        await page.Context.CloseAsync();
    }

    private Task<IPage> OpenAsync(string user, string at) =>
        frontend.OpenAsync(browser, Jwt.For(user), FrontendStage.Address(frontend.Plain), at);

    private static Task SaysAsync(IPage page, string code) =>
        Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", code);
}
