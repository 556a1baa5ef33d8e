using FathomGateway.Sandbox;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>The page that draws the flow live, in a window beside the app.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class ShowInBrowserTests(Browser browser)
{
    [Fact]
    public async Task The_show_displays_each_hop_of_a_connect_in_order_and_the_row_at_the_end()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var visit = await Visit.BeginAsync(browser, new SandboxOptions { Redis = redis.ConnectionString });
        var show = await ShowPage.OpenAsync(visit);
        await visit.SignInAsync();
        await show.GetByTestId("clear").ClickAsync();
        await visit.ConnectAsync();

        // The key appears at the click, with a time to live that falls.
        var state = show.GetByTestId("states").GetByRole(AriaRole.Listitem);
        await Assertions.Expect(state).ToContainTextAsync("}:state:••••••••");
        await ShowPage.SeesAsync(show, "opens the consent page");
        var left = await LeftAsync(state);
        await Eventually.BecomesTrueAsync(
            async () => await LeftAsync(state) < left, TimeSpan.FromSeconds(20), "the time that is left falls");
        await Screenshot.TakeAsync(show, "show-waiting", forDocuments: true);
        await visit.DecideAsync("allow");

        await Assertions.Expect(show.GetByTestId("rows").GetByRole(AriaRole.Listitem)).ToContainTextAsync("v1:");
        await Assertions.Expect(state).ToHaveCountAsync(0);
        await ShowPage.SeesAsync(show, "back to the app: connected");
        await ShowPage.SeesAsync(show, "Gateway → Backend: 200");
        await Screenshot.TakeAsync(show, "show-connected", forDocuments: true);
        var text = await show.GetByTestId("hops").InnerTextAsync();
        string[] order =
        [
            "GET /fathom/connect", "state kept", "opens the consent page", "GET /fathom/callback", "state redeemed",
            "exchanges the code", "row written", "back to the app"
        ];
        Assert.Equal(order, order.OrderBy(step => text.IndexOf(step, StringComparison.Ordinal)));

        await show.GetByTestId("clear").ClickAsync();
        await Assertions.Expect(show.GetByText("Nothing yet.")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("Deny", "access_denied")]
    [InlineData("Twice", "connected")]
    [InlineData("Slow", "connected")]
    [InlineData("Error", "provider_unavailable")]
    [InlineData("Garbage", "exchange_failed")]
    [InlineData("Limit", "provider_unavailable")]
    [InlineData("Reset", "provider_unavailable")]
    public async Task The_show_lets_a_fault_be_chosen_by_the_keyboard(string fault, string outcome)
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await ShowPage.OpenAsync(visit);
        await ShowPage.ChooseAsync(show, fault);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("connect").ClickAsync();
        if (fault != "Deny") await visit.Page.GetByTestId("allow").ClickAsync();

        Assert.Equal(outcome, await visit.OutcomeAsync());
        await ShowPage.SeesAsync(show, $"back to the app: {outcome}");
    }

    [Fact]
    public async Task The_show_on_a_phone_is_as_wide_as_the_page_with_the_newest_hop_in_view()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await ShowPage.OpenAsync(visit);
        await show.SetViewportSizeAsync(360, 740);
        await visit.Page.SetViewportSizeAsync(360, 740);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");
        await ShowPage.SeesAsync(show, "Gateway → Backend: 200");

        foreach (var page in (IPage[])[show, visit.Page])
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.True(await show.GetByTestId("hops")
            .EvaluateAsync<bool>("region => region.scrollHeight > region.clientHeight && region.scrollWidth === region.clientWidth"));
        var (region, last) =
            ((await show.GetByTestId("hops").BoundingBoxAsync())!, (await show.Locator("#hops-list > li").Last.BoundingBoxAsync())!);
        Assert.InRange(last.Y, region.Y, region.Y + region.Height - 1);
        await Screenshot.TakeAsync(show, "show-phone");
    }

    private static async Task<double> LeftAsync(ILocator state) =>
        await state.Locator("progress").EvaluateAsync<double>("bar => bar.value");
}
