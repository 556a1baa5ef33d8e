using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ConfirmRouteTests : IAsyncLifetime
{
    private Stage _stage = null!;

    [Theory]
    [InlineData("none")]
    [InlineData("cookie")]
    public async Task The_route_fathom_confirm_is_the_backends_unless_LINK_BINDING_is_confirm(string binding)
    {
        await using var other = await Stage.StartAsync(("LINK_BINDING", binding));
        using var response = await other.Gateway.Client.PostAsync("fathom/confirm", new StringContent("x"));

        Assert.Equal("backend", await response.Content.ReadAsStringAsync());
        Assert.Equal("/fathom/confirm", other.Backend.Request.Head.Target);
    }

    [Fact]
    public async Task A_confirmation_without_a_JWT_is_refused()
    {
        using var response =
            await _stage.Gateway.Client.PostAsync("fathom/confirm", new StringContent("{}", Encoding.UTF8, "application/json"));

        await Refusal.IsUnauthorizedAsync(response);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task The_route_fathom_confirm_accepts_POST_alone(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "fathom/confirm");
        using var response = await _stage.Gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Empty(_stage.Backend.Requests);
    }

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"handle\":1}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"handle\":\"a\",\"handle\":\"b\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("handle=x", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{\"handle\":\"a\"}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_confirmation_whose_body_is_no_handle_is_refused(string body, string type, HttpStatusCode expected)
    {
        using var response =
            await new BrowserUser(_stage, Fresh.User()).PostAsync(new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)));

        Assert.Equal(expected, response.StatusCode);
        await Refusal.IsProblemAsync(response);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_confirmation_over_4_kB_is_refused_with_or_without_a_Content_Length(bool chunked)
    {
        var content = new StringContent($$"""{"handle":"{{new string('x', 5_000)}}"}""", Encoding.UTF8, "application/json");
        if (chunked) content.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, "fathom/confirm") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.For(Fresh.User()));
        using var response = await _stage.Gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await Refusal.IsProblemAsync(response);
    }

    [Fact]
    public async Task A_user_who_confirms_too_often_is_counted_and_told_when_to_try_again()
    {
        var user = new BrowserUser(_stage, Fresh.User());
        for (var i = 0; i < 5; i++) Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await user.ToldAsync("x"));

        using var response = await user.ConfirmAsync("x");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Refusal.AsksToRetry(response);
        Assert.Matches(
            "fathom_rate_limited_total{.*route=\"/fathom/confirm\".*} 1", await _stage.Gateway.InternalClient.GetStringAsync("metrics"));
    }

    [Theory]
    [InlineData(TestSettings.FrontendUrl, true)]
    [InlineData("https://evil.test", false)]
    public async Task A_preflight_lets_only_the_frontend_post_a_confirmation_T14(string origin, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "fathom/confirm");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var preflight = await _stage.Gateway.Client.SendAsync(request);

        Assert.Equal(allowed, preflight.Headers.Contains("Access-Control-Allow-Origin"));
        if (!allowed) return;
        Assert.Equal(["POST"], preflight.Headers.GetValues("Access-Control-Allow-Methods"));
        Assert.Equal(["authorization,content-type"], preflight.Headers.GetValues("Access-Control-Allow-Headers"));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
