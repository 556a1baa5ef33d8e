using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The code of docs/frontend.md in Chromium: what a user meets.</summary>
[Collection(nameof(FrontendGroup))]
[Trait("Speed", "Exhaustive")]
public sealed class FrontendDocumentTests(FrontendStage frontend, Browser browser)
{
    private string Plain => FrontendStage.Address(frontend.Plain);

    [Fact]
    public async Task A_user_who_allows_access_sees_connected_also_after_a_reload()
    {
        var page = await OpenAsync(Jwt.For(Fresh.User()), Plain);
        await SaysAsync(page, "not_connected");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect Fathom" }).ClickAsync();

        await SaysAsync(page, "connected");
        Assert.Equal($"{frontend.Site}dashboard", page.Url);
        await page.ReloadAsync();
        await SaysAsync(page, "connected");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_denies_access_sees_access_denied()
    {
        frontend.Denies = true;
        // The address of an API often has a path. That of the button has none.
        var page = await OpenAsync(Jwt.For(Fresh.User()), $"{Plain}/api");
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await SaysAsync(page, "access_denied");
        frontend.Denies = false;
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_must_reconnect_is_offered_to_connect_again()
    {
        var user = Fresh.User();
        (await frontend.Plain.CallBackAsync($"code={Fresh.Code()}&state={await frontend.Plain.StateAsync(user)}")).Dispose();
        frontend.Plain.RequireReconnect(user);
        var page = await OpenAsync(Jwt.For(user), Plain);

        await SaysAsync(page, "reconnect_required");
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToHaveTextAsync("Connect again");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Each_fathom_error_has_a_text_of_its_own_and_is_removed_from_the_address()
    {
        var page = await OpenAsync(Jwt.For(Fresh.User()), FrontendStage.Address(frontend.Confirming));
        var texts = new HashSet<string>();
        string[] returns = [.. CallbackRedirect.Failures, CallbackRedirect.Success, CallbackRedirect.Failure("one_of_tomorrow")];
        foreach (var query in returns.Select(address => new Uri(address).Query))
        {
            await page.GotoAsync($"{frontend.Site}dashboard{query}&tab=meetings");
            await SaysAsync(page, query.Contains("fathom_error", StringComparison.Ordinal) ? query.Split('=')[^1] : "connected");
            Assert.True(texts.Add(await page.GetByRole(AriaRole.Status).InnerTextAsync()), query);
            Assert.Equal($"{frontend.Site}dashboard?tab=meetings", page.Url);
        }

        Assert.Contains("Fathom was not connected.", texts);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_hash_router_finds_the_code_in_the_fragment()
    {
        const string Returned = "#/dashboard?fathom_successful=false&fathom_error=expired_state&tab=2";
        var page = await OpenAsync(Jwt.For(Fresh.User()), FrontendStage.Address(frontend.Confirming), Returned);

        await SaysAsync(page, "expired_state");
        Assert.Equal($"{frontend.Site}#/dashboard?tab=2", page.Url);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("signed_out")]
    [InlineData("unavailable")]
    [InlineData("unreachable")]
    [InlineData("misconfigured")]
    public async Task A_refused_connect_is_shown_and_can_be_tried_again(string code)
    {
        var gateway = code switch
        {
            "unavailable" => FrontendStage.Address(frontend.WithoutRedis),
            "unreachable" => "http://127.0.0.1:9",
            "misconfigured" => "",
            _ => FrontendStage.Address(frontend.Confirming),
        };
        var page = await OpenAsync(code == "signed_out" ? Jwt.For(Fresh.User(), payload: """{"exp":1}""") : Jwt.For(Fresh.User()), gateway);
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await SaysAsync(page, code);
        // Where the answer says how long to wait, the button waits as well.
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToBeEnabledAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_connects_too_often_waits_as_long_as_Retry_After_says()
    {
        var user = Fresh.User();
        var page = await OpenAsync(Jwt.For(user), FrontendStage.Address(frontend.Confirming));
        for (var attempt = 0; attempt < 5; attempt++) (await frontend.Confirming.ConnectAsync(Jwt.For(user))).Dispose();
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await SaysAsync(page, "too_often");
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await SaysAsync(page, "connected");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_goes_back_from_the_consent_page_can_press_the_button_again()
    {
        var page = await OpenAsync(Jwt.For(Fresh.User()), FrontendStage.Address(frontend.Confirming));
        await page.RouteAsync("**/fathom/connect", _ => Task.CompletedTask);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await SaysAsync(page, "connecting");

        // What the browser tells a page that it brings back from its cache.
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await SaysAsync(page, "idle");
        await page.Context.CloseAsync();
    }

    private Task<IPage> OpenAsync(string? jwt, string gateway, string at = "dashboard") => frontend.OpenAsync(browser, jwt, gateway, at);

    private static Task SaysAsync(IPage page, string code) =>
        Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", code);
}
