using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The code of docs/frontend.md in Chromium with <c>LINK_BINDING=confirm</c>.</summary>
[Collection(nameof(FrontendGroup))]
[Trait("Speed", "Slow")]
public sealed class ConfirmingFrontendTests(FrontendStage frontend, Browser browser)
{
    private Stage Stage => frontend.Confirming;

    [Fact]
    public async Task A_handle_waits_for_the_JWT_and_is_posted_once()
    {
        var user = Fresh.User();
        var page = await ReturnAsync(user);
        var posts = Posts(page);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Finishing the connection");
        Assert.Equal($"{frontend.Site}dashboard", page.Url);
        Assert.Null(await Stage.ConnectionAsync(user));
        await SignInAsync(page, Jwt.For(user));

        await SaysAsync(page, "connected");
        Assert.NotNull(await Stage.ConnectionAsync(user));
        Assert.Single(posts);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_handle_that_met_an_expired_JWT_is_posted_with_the_next_one()
    {
        var user = Fresh.User();
        var page = await ReturnAsync(user);
        await SignInAsync(page, Jwt.For(user, payload: """{"exp":1}"""));
        await SaysAsync(page, "signed_out");

        await SignInAsync(page, Jwt.For(user));

        await SaysAsync(page, "connected");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_handle_is_posted_again_where_the_gateway_was_not_available()
    {
        var user = Fresh.User();
        var page = await ReturnAsync(user);
        var refused = 0;
        await page.RouteAsync("**/fathom/confirm", route => route.Request.Method == "POST" && refused++ == 0
            ? route.FulfillAsync(new() { Status = 503, Body = "{}", Headers = Headers() })
            : route.ContinueAsync());
        await SignInAsync(page, Jwt.For(user));

        await SaysAsync(page, "connected");
        Assert.Equal(2, refused);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_user_who_did_not_begin_the_flow_is_told_so_at_the_confirmation()
    {
        var page = await ReturnAsync(Fresh.User());
        await SignInAsync(page, Jwt.For(Fresh.User()));

        await SaysAsync(page, "not_confirmed");
        await page.Context.CloseAsync();
    }

    /// <summary>The page as the gateway returned to it, with no user signed in yet.</summary>
    private async Task<IPage> ReturnAsync(string user)
    {
        var page = await frontend.OpenAsync(browser, null, FrontendStage.Address(Stage));
        await page.GotoAsync((await Stage.BeginAsync(user)).Text);
        await SaysAsync(page, "confirming");
        return page;
    }

    private static List<IRequest> Posts(IPage page)
    {
        var posts = new List<IRequest>();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST") posts.Add(request);
        };
        return posts;
    }

    private Dictionary<string, string> Headers() => new()
    {
        ["Retry-After"] = "1",
        ["Access-Control-Allow-Origin"] = $"{frontend.Site}".TrimEnd('/'),
        ["Access-Control-Allow-Credentials"] = "true",
        ["Access-Control-Expose-Headers"] = "Retry-After",
    };

    private static async Task SignInAsync(IPage page, string jwt) => await page.EvaluateAsync("jwt => window.signInAs(jwt)", jwt);

    private static Task SaysAsync(IPage page, string code) =>
        Assertions.Expect(page.Locator("section")).ToHaveAttributeAsync("data-fathom", code);
}
