using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>What comes after connecting, in a real browser: calls through the relay, a refresh, the end, and a new beginning.</summary>
[Trait("Speed", "Slow")]
public sealed class UseInBrowserTests(Browser browser)
{
    [Fact]
    public async Task Meetings_are_shown_through_the_relay_and_an_expired_token_is_refreshed_once()
    {
        await using var visit = await ConnectedAsync();
        await visit.Page.GetByTestId("meetings-load").ClickAsync();

        var meetings = visit.Page.GetByTestId("meetings").GetByRole(AriaRole.Listitem);
        await Assertions.Expect(meetings).ToHaveCountAsync(3);
        await Assertions.Expect(meetings.First).ToContainTextAsync("Weekly stand-up");
        await Assertions.Expect(Told(visit)).ToContainTextAsync("version 1");

        await visit.Page.GetByTestId("expire").ClickAsync();
        await Assertions.Expect(Told(visit)).ToContainTextAsync("refuses the access token");
        await visit.Page.GetByTestId("meetings-load").ClickAsync();
        await Assertions.Expect(Told(visit)).ToContainTextAsync("refreshed, version 2");
        await Assertions.Expect(meetings).ToHaveCountAsync(3);
        await Screenshot.TakeAsync(visit.Page, "8-refreshed");

        // Once: the next call finds the token good.
        await visit.Page.GetByTestId("meetings-load").ClickAsync();
        await Assertions.Expect(Told(visit)).ToContainTextAsync("Answered with the token of version 2");
    }

    [Fact]
    public async Task Disconnect_and_reconnect_work_by_the_keyboard_alone()
    {
        await using var visit = await ConnectedAsync();
        await visit.Page.GetByTestId("disconnect").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Page.GetByText("No row of yours yet")).ToBeVisibleAsync();
        Assert.Equal("disconnected", await visit.OutcomeAsync());
        await Assertions.Expect(visit.Page.GetByTestId("connection")).ToBeHiddenAsync();
        await Assertions.Expect(visit.Page.GetByTestId("connect")).ToHaveTextAsync("Connect Fathom");
        await Assertions.Expect(visit.Page.GetByTestId("connect")).ToBeFocusedAsync();
        await Screenshot.TakeAsync(visit.Page, "9-disconnected");

        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.GetByTestId("allow").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("connected", await visit.OutcomeAsync());
        await Assertions.Expect(visit.Page.GetByTestId("connection")).ToContainTextAsync("Connected");
    }

    [Fact]
    public async Task Responses_of_the_sandboxs_backend_hold_no_token()
    {
        await using var visit = await ConnectedAsync();
        var bodies = new List<string>();
        foreach (var path in (string[])["/api/fathom/connection", "/api/fathom/meetings"])
        {
            bodies.Add(await visit.Page.EvaluateAsync<string>(
                """async address => (await fetch(address, { headers: { Authorization: `Bearer """
                    + """${sessionStorage.getItem("harbour.jwt")}` } })).text()""",
                new Uri(visit.Gateway, path).AbsoluteUri));
        }

        Assert.Contains("\"status\":\"connected\"", bodies[0], StringComparison.Ordinal);
        Assert.Contains("recording_id", bodies[1], StringComparison.Ordinal);
        Assert.DoesNotContain("at_", string.Concat(bodies).Replace("created_at", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static ILocator Told(Visit visit) => visit.Page.GetByTestId("fathom-told");

    private async Task<Visit> ConnectedAsync()
    {
        var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");
        await visit.Page.GetByTestId("meetings-load").WaitForAsync();
        return visit;
    }
}
