using System.Net;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class OwnRouteLimitTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("/fathom/connect")]
    [InlineData("/fathom/callback?code={code}&state={state}")]
    public async Task A_body_over_1_kB_on_an_own_route_is_refused_and_spends_nothing_T30(string target)
    {
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        var request =
            $"GET {target.Replace("{code}", code, StringComparison.Ordinal).Replace("{state}", state, StringComparison.Ordinal)} "
                + "HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";

        var declared = await RawClient.ExchangeAsync(stage.Gateway.Public, $"{request}Content-Length: 1025\r\n\r\n{new string('x', 1025)}");
        var chunked = await RawClient.ExchangeAsync(
            stage.Gateway.Public, $"{request}Transfer-Encoding: chunked\r\n\r\n401\r\n{new string('x', 1025)}\r\n0\r\n\r\n");

        Assert.Equal([413, 413], [declared.Status, chunked.Status]);
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Fact]
    public async Task A_body_of_1_kB_on_connect_is_ignored()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect") { Content = new StringContent(new string('x', 1024)) };
        request.Headers.Authorization = new("Bearer", Jwt.For(Fresh.User()));
        using var response = await stage.Gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_query_over_4_kB_on_an_own_route_is_refused_and_spends_nothing_T30()
    {
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        var padding = new string('p', 4096);

        using var connect = await stage.Gateway.Client.GetAsync($"fathom/connect?{padding}");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, connect.StatusCode);
        Assert.Equal(CallbackRedirect.Failure("invalid_state"), await stage.LandAsync($"code={code}&state={state}&p={padding}"));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Theory]
    [InlineData("code={code}&code={code}&state={state}")]
    [InlineData("code={long}&state={state}")]
    [InlineData("code=&state={state}")]
    [InlineData("state={state}")]
    public async Task A_response_without_exactly_one_usable_code_keeps_the_state(string query)
    {
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(query
            .Replace("{code}", code, StringComparison.Ordinal)
                .Replace("{state}", state, StringComparison.Ordinal)
                .Replace("{long}", new string('c', 2049), StringComparison.Ordinal)));
        Assert.Equal(0, stage.Exchanges(code));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Fact]
    public async Task Proxied_requests_are_not_bound_by_the_limits_of_own_routes_T30()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => stage.Gateway.Client.GetStringAsync($"fathom/other?{new string('q', 5_000)}")));
        using var large =
            await stage.Gateway.Client.PostAsync("fathom/other", new ByteArrayContent(Encoding.ASCII.GetBytes(new string('b', 1_000_000))));

        Assert.All(answers, answer => Assert.Equal("backend", answer));
        Assert.Equal(HttpStatusCode.OK, large.StatusCode);
    }
}
