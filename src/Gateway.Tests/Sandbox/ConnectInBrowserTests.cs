using System.Collections.Concurrent;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The four hops in a real browser: click, connect, store, return.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class ConnectInBrowserTests(Browser browser)
{
    [Fact]
    public async Task Connect_then_Allow_ends_on_a_dashboard_that_says_connected()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await Screenshot.TakeAsync(visit.Page, "1-signed-out");
        await visit.SignInAsync();
        await Screenshot.TakeAsync(visit.Page, "2-signed-in");
        await visit.ConnectAsync();
        await Screenshot.TakeAsync(visit.Page, "3-consent");
        await visit.DecideAsync("allow");

        Assert.Equal("connected", await visit.OutcomeAsync());
        Assert.Contains("Fathom is connected", await visit.Outcome.InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByTestId("user")).ToHaveTextAsync("Ann Archer");
        await Assertions.Expect(visit.Page.GetByTestId("projects").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        Assert.Equal(visit.Dashboard.AbsoluteUri, visit.Page.Url);
        await Screenshot.TakeAsync(visit.Page, "4-connected");
    }

    [Fact]
    public async Task Connect_then_Deny_ends_on_a_dashboard_that_says_why()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync("ben");
        await visit.ConnectAsync();
        await visit.DecideAsync("deny");

        Assert.Equal("access_denied", await visit.OutcomeAsync());
        Assert.Contains("You chose not to give Harbour access", await visit.Outcome.InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByTestId("user")).ToHaveTextAsync("Ben Baker");
        Assert.Equal(visit.Dashboard.AbsoluteUri, visit.Page.Url);
        await Screenshot.TakeAsync(visit.Page, "5-denied");
    }

    [Fact]
    public async Task The_database_holds_only_the_connected_users_ciphertext_after_a_connect()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");

        var row = visit.Page.GetByTestId("stored");
        await Assertions.Expect(row.Locator(".cipher")).ToHaveCountAsync(2);
        Assert.DoesNotContain("at_", await row.InnerTextAsync(), StringComparison.Ordinal);

        await Assertions.Expect(visit.Page.GetByTestId("connect")).ToHaveTextAsync("Connect again");

        await visit.Page.GetByTestId("sign-out").ClickAsync();
        await visit.SignInAsync("ben");
        await Assertions.Expect(visit.Page.GetByText("No row of yours yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_callback_with_a_made_up_state_is_shown_and_keeps_the_sign_in()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("forged").ClickAsync();

        Assert.Equal("invalid_state", await visit.OutcomeAsync());
        await Assertions.Expect(visit.Page.GetByTestId("user")).ToHaveTextAsync("Ann Archer");
        await Screenshot.TakeAsync(visit.Page, "7-forged");
    }

    [Fact]
    public async Task The_browser_sends_a_preflight_before_it_connects()
    {
        await using var visit = await Visit.BeginAsync(browser);
        var preflights = new ConcurrentQueue<string>();
        var devTools = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        devTools.Event("Network.requestWillBeSent").OnEvent += (_, sent) =>
        {
            var request = sent!.Value.GetProperty("request");
            if (request.GetProperty("method").GetString() == "OPTIONS")
                preflights.Enqueue(request.GetProperty("url").GetString()!);
        };
        await devTools.SendAsync("Network.enable");
        await visit.SignInAsync();
        await visit.ConnectAsync();

        Assert.Contains(new Uri(visit.Gateway, "/fathom/connect").AbsoluteUri, preflights);
        Assert.Contains(new Uri(visit.Gateway, "/api/me").AbsoluteUri, preflights);
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    public async Task The_dashboard_learns_neither_code_nor_state_from_its_referrer_T9(string decision)
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.ConnectAsync();
        var arriving =
            visit.Page.WaitForRequestAsync(request => request.Url.StartsWith(visit.Dashboard.AbsoluteUri, StringComparison.Ordinal));
        await visit.DecideAsync(decision);

        var request = await arriving;
        var referer = (await request.AllHeadersAsync()).GetValueOrDefault("referer", "");
        var referrer = await visit.Page.EvaluateAsync<string>("document.referrer");
        Assert.All([referer, referrer, request.Url], address =>
        {
            Assert.DoesNotContain("code=", address, StringComparison.Ordinal);
            Assert.DoesNotContain("state=", address, StringComparison.Ordinal);
        });
        Assert.Equal("/fathom/callback", new Uri(request.RedirectedFrom!.Url).AbsolutePath);
    }
}
