using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>What the dashboard tells a person, whatever happens.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class DashboardTests(Browser browser)
{
    /// <summary>Codes as they stand in the address, and the outcome that the page takes them for.</summary>
    private static readonly Dictionary<string, string> Failures = new()
    {
        ["access_denied"] = "access_denied",
        ["invalid_state"] = "invalid_state",
        ["expired_state"] = "expired_state",
        ["exchange_failed"] = "exchange_failed",
        ["provider_unavailable"] = "provider_unavailable",
        ["temporarily_unavailable"] = "temporarily_unavailable",
        ["not_confirmed"] = "not_confirmed",
        ["<script>alert(1)</script>"] = "unknown",
        ["toString"] = "unknown",
    };

    [Fact]
    public async Task Every_fathom_error_has_a_sentence_and_a_remedy_and_leaves_the_address_clean()
    {
        await using var visit = await Visit.BeginAsync(browser);
        foreach (var (error, outcome) in Failures)
        {
            await visit.Page.GotoAsync($"{visit.Dashboard}?tab=notes&fathom_successful=false&fathom_error={Uri.EscapeDataString(error)}");

            Assert.Equal((error, outcome), (error, await visit.OutcomeAsync()));
            var paragraphs = await visit.Outcome.GetByRole(AriaRole.Paragraph).AllInnerTextsAsync();
            Assert.Equal((error, 2), (error, paragraphs.Count(text => text.Length > 5)));
            Assert.DoesNotContain(error, string.Join(' ', paragraphs), StringComparison.Ordinal);
            Assert.Equal($"{visit.Dashboard}?tab=notes", visit.Page.Url);
        }
    }

    [Theory]
    [InlineData(429, "too_many_requests", "Try again in 12 seconds.")]
    [InlineData(503, "unavailable", "Try again in 12 seconds.")]
    public async Task A_refused_connect_is_explained_on_the_dashboard(int status, string outcome, string remedy)
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.RouteAsync("**/fathom/connect", route => route.FulfillAsync(new()
        {
            Status = status,
            Headers = new Dictionary<string, string>
            {
                ["Access-Control-Allow-Origin"] = visit.Dashboard.GetLeftPart(UriPartial.Authority),
                ["Access-Control-Allow-Credentials"] = "true",
                ["Access-Control-Expose-Headers"] = "Retry-After",
                ["Retry-After"] = "12",
            },
        }));
        await visit.Page.GetByTestId("connect").ClickAsync();

        Assert.Equal(outcome, await visit.OutcomeAsync());
        Assert.Contains(remedy, await visit.Outcome.InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByTestId("connect")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_sign_in_that_the_gateway_refuses_leads_back_to_the_sign_in()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.EvaluateAsync("sessionStorage.setItem('harbour.jwt', 'not.a.jwt')");
        await visit.Page.GetByTestId("connect").ClickAsync();

        Assert.Equal("sign_in_required", await visit.OutcomeAsync());
        await Assertions.Expect(visit.Page.GetByTestId("sign-in-ann")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_user_who_clicks_connect_too_often_is_told_to_wait()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.EvaluateAsync("""
            async connect => {
              const headers = { Authorization: `Bearer ${sessionStorage.getItem("harbour.jwt")}` };
              for (let i = 0; i < 20 && (await fetch(connect, { headers })).status !== 429; i++);
            }
            """, new Uri(visit.Gateway, "/fathom/connect").AbsoluteUri);
        await visit.Page.GetByTestId("connect").ClickAsync();

        Assert.Equal("too_many_requests", await visit.OutcomeAsync());
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_explained_on_the_dashboard()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.Page.RouteAsync($"{visit.Gateway}**", route => route.AbortAsync());
        await visit.Page.GetByTestId("sign-in-ann").ClickAsync();

        Assert.Equal("unreachable", await visit.OutcomeAsync());
        await Assertions.Expect(visit.Page.GetByTestId("sign-in-ann")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_sandboxs_backend_receives_the_request_as_the_browser_wrote_it()
    {
        await using var visit = await Visit.BeginAsync(browser);
        await visit.SignInAsync();
        await visit.Page.GetByTestId("echo-send").ClickAsync();

        await Assertions.Expect(visit.Page.GetByTestId("echo-answer")).ToContainTextAsync("GET /api/echo/caf%C3%A9%2Fmenu?b=2&a=1&a=");
    }

    [Fact]
    public async Task The_dashboard_on_a_narrow_screen_needs_no_sideways_scrolling()
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
