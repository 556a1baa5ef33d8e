using System.Net;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>The whole way in Chromium, with the lines of docs/frontend.md as the frontend's only code.</summary>
[Trait("Speed", "Slow")]
public sealed class LinkingInBrowserTests(Browser browser) : IAsyncLifetime
{
    private readonly RawServer _frontend = RawServer.Start(RawResponse.Silence);
    private readonly int _port = FreePort.Next();

    private string Gateway => $"http://127.0.0.1:{_port}";

    [Theory]
    [InlineData("cookie")]
    [InlineData("confirm")]
    public async Task A_user_who_begins_and_consents_in_one_browser_is_connected(string binding)
    {
        await using var stage = await StartAsync(binding);
        var user = Fresh.User();
        var page = await OpenAsync(user);

        await page.EvaluateAsync("connect()");

        await Assertions.Expect(page.Locator("#told")).ToHaveTextAsync(binding == "cookie" ? "?fathom_successful=true" : "connected");
        Assert.DoesNotContain("fathom_confirm", page.Url, StringComparison.Ordinal);
        Assert.NotNull(await stage.ConnectionAsync(user));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("cookie", "?fathom_successful=false&fathom_error=not_confirmed")]
    [InlineData("confirm", "not_confirmed")]
    [InlineData("none", "?fathom_successful=true")]
    public async Task A_victim_who_opens_an_attackers_address_links_nothing_unless_nothing_binds_T1(string binding, string told)
    {
        await using var stage = await StartAsync(binding);
        var (attacker, victim) = (Fresh.User(), Fresh.User());
        var theirs = await OpenAsync(attacker);
        var url = await theirs.EvaluateAsync<string>("begin()");
        var page = await OpenAsync(victim);
        await page.EvaluateAsync("begin()");

        await page.GotoAsync(url);

        await Assertions.Expect(page.Locator("#told")).ToHaveTextAsync(told);
        Assert.Null(await stage.ConnectionAsync(victim));
        Assert.Equal(binding == "none", await stage.ConnectionAsync(attacker) is not null);
        Assert.Equal(binding == "none" ? 1 : 0, stage.Provider.TokenRequests.Count);
        await page.Context.CloseAsync();
        await theirs.Context.CloseAsync();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _frontend.DisposeAsync();

    private async Task<Stage> StartAsync(string binding)
    {
        var stage = await Stage.StartAsync(
            ("LINK_BINDING", binding),
            ("PORT", $"{_port}"),
            ("FATHOM_REDIRECT_URI", $"{Gateway}/fathom/callback"),
            ("FRONTEND_URL", $"{_frontend.Address}".TrimEnd('/')));
        stage.Provider.Server.Given(Request.Create().WithPath("/authorize")).RespondWith(Response.Create().WithCallback(Consent));
        var html = $$"""
            <!doctype html><p id="told"></p><script type="module">
            const api = "{{Gateway}}", jwt = sessionStorage.jwt;
            const asUser = { credentials: "include", headers: { Authorization: `Bearer ${jwt}` } };
            window.begin = async () => (await (await fetch(api + "/fathom/connect", asUser)).json()).url;
            window.connect = async () => { location = await begin(); };
            const tell = text => { document.querySelector("#told").textContent = text; };
            if (location.search) tell(location.search);
            {{Snippet()}}
            </script>
            """;
        _frontend.Script = RawResponse.Verbatim(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nReferrer-Policy: no-referrer\r\nContent-Length: {html.Length}\r\n\r\n{html}");
        return stage;
    }

    private static string Snippet() =>
        new Document("docs/frontend.md").Blocks("js").Single(block => block.Heading == "Without a framework").Content;

    private static ResponseMessage Consent(IRequestMessage request)
    {
        var query = request.Query!;
        var location = $"{query["redirect_uri"][0]}?code={Fresh.Code()}&state={query["state"][0]}";
        return new ResponseMessage
        {
            StatusCode = (int)HttpStatusCode.Found,
            Headers = new Dictionary<string, WireMock.Types.WireMockList<string>> { ["Location"] = new(location) }
        };
    }

    private async Task<IPage> OpenAsync(string user)
    {
        var page = await browser.NewPageAsync();
        await page.Context.AddInitScriptAsync($"sessionStorage.jwt = '{Jwt.For(user)}'");
        await page.GotoAsync($"{_frontend.Address}dashboard");
        return page;
    }
}
