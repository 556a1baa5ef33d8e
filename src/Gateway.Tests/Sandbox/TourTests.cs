using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The steps of a new user of the sandbox who follows the page's instructions.</summary>
[Trait("Speed", "Slow")]
public sealed class TourTests(Browser browser)
{
    [Fact]
    public async Task Each_sandbox_page_says_what_to_do_next_and_no_flow_logs_a_console_error()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await visit.OpenBesideAsync("/show");
        await NextIsAsync(visit, "Choose who you are");
        await visit.SignInAsync("ben");
        await NextIsAsync(visit, "Connect Fathom");
        await visit.Page.GetByTestId("echo-send").ClickAsync();
        await visit.Page.GetByTestId("echo-answer").WaitForAsync();

        // No, a made-up state, and yes.
        await visit.ConnectAsync();
        await Assertions.Expect(visit.Page.GetByTestId("account")).ToHaveTextAsync("Ben Baker");
        await visit.DecideAsync("deny");
        await NextIsAsync(visit, "Connect Fathom");
        await visit.Page.GetByTestId("forged").ClickAsync();
        Assert.Equal("invalid_state", await visit.OutcomeAsync());
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");

        // Meetings, a refresh, the end.
        await NextIsAsync(visit, "Show my meetings");
        await visit.Page.GetByTestId("meetings-load").ClickAsync();
        await Assertions.Expect(visit.Page.GetByTestId("meetings")).ToContainTextAsync("Forklift handover");
        await NextIsAsync(visit, "Expire the access token now");
        await visit.Page.GetByTestId("expire").ClickAsync();
        await NextIsAsync(visit, "once more");
        await visit.Page.GetByTestId("meetings-load").ClickAsync();
        await NextIsAsync(visit, "refuses to refresh");
        await Assertions.Expect(visit.Page.GetByTestId("told-events")).ToContainTextAsync("connection.connected");
        await Screenshot.TakeAsync(visit.Page, "12-tour");
        await visit.Page.GetByTestId("disconnect").ClickAsync();
        Assert.Equal("disconnected", await visit.OutcomeAsync());
        await NextIsAsync(visit, "Connect Fathom");
        await visit.Page.GetByTestId("sign-out").ClickAsync();
        await NextIsAsync(visit, "Choose who you are");

        // From each page to the others.
        await visit.Page.GetByTestId("attack").ClickAsync();
        await visit.Page.GetByTestId("to-app").ClickAsync();
        await visit.Page.GetByTestId("sign-in-ann").WaitForAsync();
        await Assertions.Expect(show.GetByTestId("to-app")).ToBeVisibleAsync();
        Assert.Empty(visit.RedLines);
    }

    private static Task NextIsAsync(Visit visit, string step) =>
        Assertions.Expect(visit.Page.GetByTestId("next")).ToContainTextAsync(step);
}
