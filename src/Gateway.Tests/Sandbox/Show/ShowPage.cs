using Microsoft.Playwright;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>What a person does on the page that draws the flow live.</summary>
internal static class ShowPage
{
    /// <summary>Opens it beside the app.</summary>
    public static async Task<IPage> OpenAsync(Visit visit)
    {
        var show = await visit.OpenBesideAsync("/show");
        foreach (var landmark in (AriaRole[])[AriaRole.Main, AriaRole.Banner, AriaRole.Group, AriaRole.Region])
        {
            await Assertions.Expect(show.GetByRole(landmark).First).ToBeVisibleAsync();
        }

        return show;
    }

    /// <summary>Without a mouse: Tab leads to the group, an arrow key chooses.</summary>
    public static async Task ChooseAsync(IPage show, string fault)
    {
        var chosen = show.Locator($"input[name=fault][value={fault}]");
        await show.Locator("input[name=fault][value=None]").FocusAsync();
        for (var presses = 0; presses < 9 && !await chosen.IsCheckedAsync(); presses++)
        {
            await show.Keyboard.PressAsync("ArrowDown");
        }

        await Assertions.Expect(show.Locator("#faults-told")).ToHaveTextAsync((await chosen.GetAttributeAsync("data-ends"))!);
    }

    /// <summary>Waits until a hop is drawn.</summary>
    public static Task SeesAsync(IPage show, string hop) =>
        Assertions.Expect(show.GetByTestId("hops")).ToContainTextAsync(hop, new() { Timeout = 20_000 });
}
