using FathomGateway.Tests.House;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The page that draws the flow live, in a window beside the app.</summary>
[Trait("Speed", "Slow")]
public sealed class ShowInBrowserTests(Browser browser)
{
    private static readonly string Images = Path.Combine(Repository.Root, "docs", "images");

    [Fact]
    public async Task Each_hop_of_connecting_appears_in_its_order_and_the_row_at_the_end()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await OpenAsync(visit);
        await visit.SignInAsync();
        await visit.ConnectAsync();

        await Assertions.Expect(show.GetByTestId("state-left")).ToContainTextAsync(":");
        await SeesAsync(show, "consent page");
        await PictureAsync(show, "show-waiting");
        await visit.DecideAsync("allow");

        await Assertions.Expect(show.GetByTestId("rows").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await SeesAsync(show, "back to the app: connected");
        await Assertions.Expect(show.GetByTestId("state")).ToBeHiddenAsync();
        await PictureAsync(show, "show-connected");
        var text = await show.GetByTestId("hops").InnerTextAsync();
        string[] order = ["Browser → Gateway: GET /fathom/connect", "state kept", "consent page", "GET /fathom/callback", "state redeemed", "exchange the code", "row written", "back to the app"];
        Assert.Equal(order, order.OrderBy(step => text.IndexOf(step, StringComparison.Ordinal)));
        Assert.DoesNotContain("at_", await show.ContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deny", "access_denied")]
    [InlineData("Slow", "connected")]
    [InlineData("Error", "provider_unavailable")]
    [InlineData("Reset", "provider_unavailable")]
    public async Task A_fault_that_is_chosen_by_the_keyboard_happens(string fault, string outcome)
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await OpenAsync(visit);
        await ChooseAsync(show, fault);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("connect").ClickAsync();
        if (fault != "Deny") await visit.Page.GetByTestId("allow").ClickAsync();

        Assert.Equal(outcome, await visit.OutcomeAsync());
        await SeesAsync(show, $"back to the app: {outcome}");
    }

    [Fact]
    public async Task A_refresh_that_is_refused_asks_to_connect_again()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await OpenAsync(visit);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");
        await ChooseAsync(show, "Refuse");
        await visit.Page.GetByTestId("expire").ClickAsync();
        await visit.Page.GetByTestId("meetings-load").ClickAsync();

        await SeesAsync(show, "refresh the tokens");
        await SeesAsync(show, "token endpoint: invalid_grant");
        await PictureAsync(show, "show-refused");
    }

    private static async Task<IPage> OpenAsync(Visit visit)
    {
        var show = await visit.Page.Context.NewPageAsync();
        await show.SetViewportSizeAsync(1100, 900);
        await show.GotoAsync(new Uri(visit.Dashboard, "/show").AbsoluteUri);
        foreach (var landmark in (AriaRole[])[AriaRole.Main, AriaRole.Banner, AriaRole.Log, AriaRole.Group]) await Assertions.Expect(show.GetByRole(landmark).First).ToBeVisibleAsync();
        return show;
    }

    /// <summary>Without a mouse: Tab leads to the group, an arrow key chooses.</summary>
    private static async Task ChooseAsync(IPage show, string fault)
    {
        var chosen = show.Locator($"input[value={fault}]");
        await show.Locator("input[value=None]").FocusAsync();
        for (var presses = 0; presses < 6 && !await chosen.IsCheckedAsync(); presses++) await show.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(show.Locator("#faults-told")).ToContainTextAsync((await chosen.Locator("..").InnerTextAsync()).Trim());
    }

    private static Task SeesAsync(IPage show, string hop) => Assertions.Expect(show.GetByTestId("hops")).ToContainTextAsync(hop, new() { Timeout = 20_000 });

    private static async Task PictureAsync(IPage page, string name)
    {
        foreach (var (scheme, suffix) in new[] { (ColorScheme.Dark, "-dark"), (ColorScheme.Light, "") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Images, $"{name}{suffix}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        }
    }
}
