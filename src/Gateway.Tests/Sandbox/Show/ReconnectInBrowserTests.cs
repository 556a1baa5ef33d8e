using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>What both pages say when Fathom no longer honours a connection.</summary>
[Trait("Speed", "Slow")]
public sealed class ReconnectInBrowserTests(Browser browser)
{
    [Fact]
    public async Task Every_panel_asks_to_connect_again_after_a_refused_refresh()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await ShowPage.OpenAsync(visit);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");
        await ShowPage.SeesAsync(show, "Gateway → Backend: 200");
        await show.GetByTestId("clear").ClickAsync();
        await ShowPage.ChooseAsync(show, "Refuse");
        await visit.Page.GetByTestId("meetings-load").ClickAsync();
        await visit.Page.GetByTestId("meetings").WaitForAsync();
        await visit.Page.GetByTestId("expire").ClickAsync();
        await visit.Page.GetByTestId("meetings-load").ClickAsync();

        await ShowPage.SeesAsync(show, "refreshes the tokens");
        await ShowPage.SeesAsync(show, "row marked to reconnect");
        await ShowPage.SeesAsync(show, "must connect again");
        await Screenshot.TakeAsync(show, "show-refused", forDocuments: true);
        // Every panel says the same.
        foreach (var panel in (string[])["rows", "connections"])
        {
            await Assertions.Expect(show.GetByTestId(panel)).ToContainTextAsync("Reconnect required");
        }

        await Assertions.Expect(show.GetByTestId("events").Locator("li[data-state]").First).ToContainTextAsync("reconnect_required");
        Assert.Equal("reconnect_required", await visit.OutcomeAsync());
        foreach (var panel in (string[])["connection-pill", "connection", "stored"])
        {
            await Assertions.Expect(visit.Page.GetByTestId(panel)).ToContainTextAsync("Reconnect required");
        }

        await Assertions.Expect(visit.Page.GetByTestId("next")).ToContainTextAsync("Connect again");
        await Assertions.Expect(visit.Page.GetByTestId("connect")).ToHaveTextAsync("Connect again");
        foreach (var gone in (string[])["meetings", "meetings-load", "expire"])
        {
            await Assertions.Expect(visit.Page.GetByTestId(gone)).ToBeHiddenAsync();
        }

        await Screenshot.TakeAsync(visit.Page, "10-reconnect-required");
        Assert.Empty(visit.RedLines);
    }
}
