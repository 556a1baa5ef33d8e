using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The rules and settings for Netlify of docs/frontend.md, in Chromium.</summary>
[Collection(nameof(FrontendGroup))]
[Trait("Speed", "Slow")]
public sealed class NetlifyTests(FrontendStage frontend, Browser browser)
{
    [Fact]
    public async Task App_and_gateway_behind_Netlify_rewrites_share_an_origin_and_the_binding_cookie()
    {
        var user = Fresh.User();
        var page = await frontend.OpenAsync(browser, Jwt.For(user), "", site: frontend.RewritingSite);
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", "connected");
        Assert.NotNull(await frontend.Rewritten.ConnectionAsync(user));
        Assert.Contains(await page.Context.CookiesAsync(), cookie => cookie.Name == Connect.BrowserUser.CookieName);
        Assert.Equal("backend", await page.EvaluateAsync<string>("fetch('/api/anything').then(answer => answer.text())"));
        Assert.Contains("GET /api/anything ", frontend.Rewritten.Backend.Request.Head.Text, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_flow_that_begins_on_a_Netlify_preview_ends_in_the_app()
    {
        var user = Fresh.User();
        var preview = new Uri($"http://deploy-preview-42--{FrontendStage.PreviewHost}:{frontend.Site.Port}/");
        var page = await frontend.OpenAsync(browser, Jwt.For(user), FrontendStage.Address(frontend.Plain), site: preview);
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect Fathom" }).ClickAsync();

        await page.WaitForURLAsync($"{frontend.Site}dashboard");
        await Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", "connected");
        Assert.NotNull(await frontend.Plain.ConnectionAsync(user));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_Netlify_preview_of_another_site_may_not_call_the_gateway()
    {
        var foreign = new Uri($"http://deploy-preview-42--another-site.netlify.test:{frontend.Site.Port}/");
        var page = await frontend.OpenAsync(browser, Jwt.For(Fresh.User()), FrontendStage.Address(frontend.Plain), site: foreign);

        await Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", "unreachable");
        await page.Context.CloseAsync();
    }
}
