using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>The panel of events: each is written, tried, delivered or refused, whatever the receiver does.</summary>
[Trait("Speed", "Slow")]
public sealed class EventsInBrowserTests(Browser browser)
{
    [Fact]
    public async Task The_show_displays_an_event_as_written_tried_refused_and_delivered()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var show = await visit.OpenBesideAsync("/show");
        await Assertions.Expect(show.GetByText("No event yet.")).ToBeVisibleAsync();
        await Assertions.Expect(show.GetByText("Nobody yet.")).ToBeVisibleAsync();
        await visit.SignInAsync();

        await ConnectAsync(visit);
        await NewestIsAsync(show, "connection.connected", "delivered", "204, taken");
        await Assertions.Expect(show.GetByTestId("connections").GetByRole(AriaRole.Row)).ToContainTextAsync(["ann"]);
        await Assertions.Expect(show.GetByTestId("hops")).ToContainTextAsync("event connection.connected");
        await Assertions.Expect(visit.Page.GetByTestId("told-events")).ToContainTextAsync("Delivered");

        // Down: refused, and not lost.
        await ChooseAsync(show, "Down");
        await visit.Page.GetByTestId("disconnect").ClickAsync();
        await NewestIsAsync(show, "connection.disconnected", "refused", "503, not taken");
        await Assertions.Expect(show.GetByText("Nobody yet.")).ToBeVisibleAsync();
        await Screenshot.TakeAsync(show, "show-events", forDocuments: true);
        await ChooseAsync(show, "Takes");
        await Newest(show).GetByTestId("redeliver").ClickAsync();
        await NewestIsAsync(show, "connection.disconnected", "delivered", "204, taken");
        await Newest(show).GetByTestId("redeliver").ClickAsync();
        await NewestIsAsync(show, "connection.disconnected", "delivered", "left out, it had come before");

        // Slow: users who connect do not wait for it.
        await ChooseAsync(show, "Slow");
        var tried = Assertions.Expect(show.Locator("#events > li[data-state=tried]")).ToContainTextAsync("no answer yet");
        await ConnectAsync(visit);
        await tried;
        await NewestIsAsync(show, "connection.connected", "delivered", "204, taken");

        // The secret is changed while the gateway signs with both, and nothing is refused; a wrong one refuses.
        await ChooseAsync(show, "Takes");
        await show.GetByTestId("secret").ClickAsync();
        await Assertions.Expect(show.GetByTestId("secret-told")).ToHaveAttributeAsync("data-secret", "next");
        await ConnectAsync(visit);
        await NewestIsAsync(show, "connection.reconnected", "delivered", "204, taken");
        await Assertions.Expect(Newest(show).Locator("[data-tone=bad]")).ToHaveCountAsync(0);
        await ChooseAsync(show, "WrongSecret");
        await visit.Page.GetByTestId("disconnect").ClickAsync();
        await NewestIsAsync(show, "connection.disconnected", "refused", "401, refused");

        // Written with its change: the next event of the user is not tried while the one before it is refused.
        await ConnectAsync(visit);
        await NewestIsAsync(show, "connection.connected", "waiting", "written with its change");
        await Assertions.Expect(Newest(show)).Not.ToContainTextAsync("tried");
        Assert.Empty(visit.RedLines);
    }

    private static async Task ConnectAsync(Visit visit)
    {
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");
        Assert.Equal("connected", await visit.OutcomeAsync());
        await visit.Page.GetByTestId("disconnect").WaitForAsync();
    }

    private static async Task ChooseAsync(IPage show, string mode)
    {
        var chosen = show.Locator($"input[name=receiver][value={mode}]");
        await chosen.CheckAsync();
        await Assertions.Expect(show.Locator("#receiver-told")).ToHaveTextAsync((await chosen.GetAttributeAsync("data-ends"))!);
    }

    private static ILocator Newest(IPage show) => show.GetByTestId("events").Locator("li[data-state]").First;

    private static async Task NewestIsAsync(IPage show, string type, string state, string step)
    {
        await Assertions.Expect(show.Locator($"#events > li[data-state={state}]").First).ToContainTextAsync(type);
        await Assertions.Expect(Newest(show)).ToContainTextAsync(type);
        await Assertions.Expect(Newest(show)).ToContainTextAsync(step);
        await Assertions.Expect(Newest(show)).ToHaveAttributeAsync("data-state", state);
    }
}
