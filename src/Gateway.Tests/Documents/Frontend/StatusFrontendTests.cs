using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The code of docs/frontend.md in Chromium: what the page shows once the outcome was shown, and after a disconnect.</summary>
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
