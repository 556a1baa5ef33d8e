using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>What the dashboard tells a person, whatever happens.</summary>
public sealed class DashboardTests(Browser browser)
{
    [Theory]
    [InlineData("access_denied", "access_denied")]
    [InlineData("invalid_state", "invalid_state")]
    [InlineData("expired_state", "expired_state")]
    [InlineData("exchange_failed", "exchange_failed")]
    [InlineData("provider_unavailable", "provider_unavailable")]
    [InlineData("temporarily_unavailable", "temporarily_unavailable")]
    [InlineData("not_confirmed", "not_confirmed")]
    [InlineData("<script>alert(1)</script>", "unknown")]
    [InlineData("toString", "unknown")]
    public async Task Every_failure_has_a_sentence_and_a_remedy_and_leaves_the_address_clean(string error, string outcome)
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.Page.GotoAsync($"{visit.Dashboard}?tab=notes&fathom_successful=false&fathom_error={Uri.EscapeDataString(error)}");

        Assert.Equal(outcome, await visit.OutcomeAsync());
        var paragraphs = await visit.Outcome.GetByRole(AriaRole.Paragraph).AllInnerTextsAsync();
        Assert.Equal(2, paragraphs.Count(text => text.Length > 5));
        Assert.DoesNotContain(error, string.Join(' ', paragraphs), StringComparison.Ordinal);
        Assert.Equal($"{visit.Dashboard}?tab=notes", visit.Page.Url);
    }

    [Theory]
    [InlineData(401, "sign_in_required", "Sign in again")]
    [InlineData(429, "too_many_requests", "Try again in 12 seconds.")]
    [InlineData(503, "unavailable", "Try again in 12 seconds.")]
    public async Task A_refusal_to_connect_is_told_in_words(int status, string outcome, string remedy)
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.RouteAsync("**/fathom/connect", route => route.FulfillAsync(new()
        {
            Status = status,
            Headers = new Dictionary<string, string>
            {
                ["Access-Control-Allow-Origin"] = visit.Dashboard.GetLeftPart(UriPartial.Authority),
                ["Access-Control-Expose-Headers"] = "Retry-After",
                ["Retry-After"] = "12",
            },
        }));
        await visit.Page.GetByTestId("connect").ClickAsync();

        Assert.Equal(outcome, await visit.OutcomeAsync());
        Assert.Contains(remedy, await visit.Outcome.InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByTestId(status == 401 ? "sign-in-ann" : "connect")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task The_backend_receives_the_request_as_the_browser_wrote_it()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("echo-send").ClickAsync();

        await Assertions.Expect(visit.Page.GetByTestId("echo-answer")).ToContainTextAsync("GET /api/echo/caf%C3%A9%2Fmenu?b=2&a=1&a=");
    }

    [Fact]
    public async Task A_narrow_screen_needs_no_sideways_scrolling()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.Page.SetViewportSizeAsync(360, 740);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("echo-send").ClickAsync();
        await visit.Page.GetByTestId("echo-answer").WaitForAsync();

        Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await Screenshot.TakeAsync(visit.Page, "6-narrow");
    }
}
