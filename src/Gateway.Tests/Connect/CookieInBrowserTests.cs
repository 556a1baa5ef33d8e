using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>A user who is signed in by a cookie, in Chromium, and the pages of others. Ports make origins; one name makes a site.</summary>
[Trait("Speed", "Slow")]
public sealed class CookieInBrowserTests(Browser browser) : IAsyncLifetime
{
    private readonly RawServer _frontend = RawServer.Start(RawResponse.Verbatim(Html("<!doctype html><title>app</title>")));
    private readonly RawServer _foreign = RawServer.Start(RawResponse.Verbatim(Html("<!doctype html><title>foreign</title>")));
    private readonly string _user = Fresh.User();
    private readonly int _port = FreePort.Next();
    private Stage _stage = null!;
    private IPage _page = null!;

    private string Gateway => $"http://localhost:{_port}";

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task The_frontend_acts_for_the_user_by_the_JWT_cookie_alone_T14()
    {
        await _page.GotoAsync($"http://localhost:{_frontend.Address.Port}/dashboard");

        var url = await FetchAsync<string>("connect", "", "answer.json().then(body => body.url)");

        Assert.StartsWith("http", url, StringComparison.Ordinal);
        Assert.Equal(1, Begun());
        await LinkAsync();
        Assert.Equal("connected", await FetchAsync<string>("status", "", "answer.json().then(body => body.status)"));
        Assert.Equal(200, await FetchAsync<int>("connection", ", method: 'DELETE'", "answer.status"));
        Assert.Null(await _stage.ConnectionAsync(_user));
    }

    /// <summary>Another origin of the same site, where browsers send the cookie along with everything.</summary>
    [Fact]
    public async Task A_page_of_another_origin_on_the_same_site_reads_begins_and_ends_nothing_T14()
    {
        await LinkAsync();
        var begun = Begun();
        await _page.GotoAsync($"http://localhost:{_foreign.Address.Port}/");

        string[] calls = ["", ", method: 'DELETE'", ", method: 'POST', body: '{}'", ", headers: { 'x-auth-token': 'x' }"];
        foreach (var options in calls)
        {
            foreach (var route in (string[])["connect", "status", "connection"])
            {
                Assert.Equal("TypeError", await FetchAsync<string>(route, options, "'readable'"));
            }
        }

        // What a form does: it needs no permission, and the page cannot read the answer.
        await FetchAsync<string>("connection", ", method: 'POST', mode: 'no-cors', body: '{}'", "answer.type");
        Assert.Equal(begun, Begun());
        Assert.NotNull(await _stage.ConnectionAsync(_user));
        Assert.Contains(_stage.Gateway.Log.Lines, line => line.Contains("foreign_origin", StringComparison.Ordinal));
    }

    /// <summary>Another site: a link is what a browser follows with the cookie, which is lax.</summary>
    [Fact]
    public async Task A_link_from_another_site_begins_nothing_T14()
    {
        await _page.GotoAsync($"http://127.0.0.1:{_foreign.Address.Port}/");

        var answer = await _page.RunAndWaitForResponseAsync(() => _page.EvaluateAsync($"location = '{Gateway}/fathom/connect'"),
            new Regex("/fathom/connect$"));

        Assert.Contains("token=", (await answer.Request.AllHeadersAsync())["cookie"], StringComparison.Ordinal);
        Assert.Equal(401, answer.Status);
        Assert.Equal(0, Begun());
    }

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.StartAsync(
            ("JWT_SOURCE", "cookie:token"), ("PUBLIC_STATUS", "true"), ("PORT", $"{_port}"), ("PUBLIC_HOST", "127.0.0.1"),
            ("FRONTEND_URL", $"http://localhost:{_frontend.Address.Port}"), ("FATHOM_REDIRECT_URI", $"{Gateway}/fathom/callback"));
        var cookie = $"token={Jwt.For(_user)}; HttpOnly; Path=/; SameSite=Lax";
        _stage.Backend.Answers($"HTTP/1.1 200 OK\r\nSet-Cookie: {cookie}\r\nContent-Length: 2\r\n\r\nin");
        _page = await browser.NewPageAsync();
        await _page.GotoAsync($"{Gateway}/sign-in");
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _stage.DisposeAsync();
        await _frontend.DisposeAsync();
        await _foreign.DisposeAsync();
    }

    /// <param name="options">Further options of the call.</param>
    /// <param name="wanted">What of the answer is told; the name of the failure where the page may not read it.</param>
    private Task<T> FetchAsync<T>(string route, string options, string wanted) => _page.EvaluateAsync<T>(
        $"fetch('{Gateway}/fathom/{route}', {{ credentials: 'include'{options} }}).then(answer => {wanted}, failure => failure.name)");

    private int Begun() => _stage.Gateway.Log.Lines.Count(line => line.Contains($"{_user} began", StringComparison.Ordinal));

    /// <summary>Connects the user, as the frontend does it.</summary>
    private async Task LinkAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Headers.Add("Cookie", $"token={Jwt.For(_user)}");
        request.Headers.Add("Origin", $"http://localhost:{_frontend.Address.Port}");
        var begun = await AuthorizationUrl.ReadAsync(await _stage.Gateway.Client.SendAsync(request));
        using var landed = await _stage.CallBackAsync($"code={Fresh.Code()}&state={begun["state"]}");
        Assert.NotNull(await _stage.ConnectionAsync(_user));
    }

    private static string Html(string html) => $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {html.Length}\r\n\r\n{html}";
}
