using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ConnectResponseTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task Connect_answers_a_signed_in_user_with_the_url_alone_and_no_store()
    {
        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(["url"], body.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.String, body.RootElement.GetProperty("url").ValueKind);
    }

    [Fact]
    public async Task Connect_answers_with_a_length_and_without_chunks()
    {
        var response = await RawClient.ExchangeAsync(
            stage.Gateway.Public,
            $"GET /fathom/connect HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {Jwt.For(Fresh.User())}\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, response.Status);
        Assert.NotEmpty(response.Body);
        Assert.Equal($"{response.Body.Length}", response.Header("Content-Length"));
        Assert.Null(response.Header("Transfer-Encoding"));
    }

    [Fact]
    public async Task Connect_requests_do_not_reach_the_backend()
    {
        await stage.BeginAsync(Fresh.User());
        await stage.ConnectAsync(token: null);

        Assert.Empty(stage.Backend.Requests);
    }

    [Fact]
    public async Task Connect_makes_a_new_state_each_time_of_at_most_512_characters()
    {
        var user = new string('u', 255);

        var first = await stage.StateAsync(user);
        var second = await stage.StateAsync(user);

        Assert.NotEqual(first, second);
        Assert.InRange(first.Length, 1, 512);
    }

    [Fact]
    public async Task A_query_on_connect_does_not_change_the_redirect_URI()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect?redirect_uri=https://evil.test&userId=other");
        request.Headers.Authorization = new("Bearer", Jwt.For(Fresh.User()));

        var url = await AuthorizationUrl.ReadAsync(await stage.Gateway.Client.SendAsync(request));

        Assert.Equal(TestSettings.RedirectUri, url["redirect_uri"]);
    }
}
