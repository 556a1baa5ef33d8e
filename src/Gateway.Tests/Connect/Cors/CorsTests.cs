using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CorsTests
{
    private static readonly (string, string?)[] Origins =
    [
        ("FRONTEND_URL", "https://app.example.test"),
        ("CORS_ORIGINS", "https://admin.example.test, http://localhost:3000,https://other.example.test:8443"),
    ];

    [Theory]
    [InlineData("https://app.example.test")]
    [InlineData("https://admin.example.test")]
    [InlineData("http://localhost:3000")]
    [InlineData("https://other.example.test:8443")]
    public async Task A_known_origin_may_read_every_answer_of_connect_T14(string origin)
    {
        await using var stage = await Stage.StartAsync(Origins);
        var user = Fresh.User();

        await AssertReadableAsync(HttpStatusCode.Unauthorized, stage.ConnectAsync(token: null, origin));
        for (var i = 0; i < 5; i++)
        {
            await AssertReadableAsync(HttpStatusCode.OK, stage.ConnectAsync(Jwt.For(user), origin));
        }

        await AssertReadableAsync(HttpStatusCode.TooManyRequests, stage.ConnectAsync(Jwt.For(user), origin));
        await AssertReadableAsync(HttpStatusCode.MethodNotAllowed, SendAsync(stage, HttpMethod.Post, origin));

        async Task AssertReadableAsync(HttpStatusCode status, Task<HttpResponseMessage> answer)
        {
            using var response = await answer;
            Assert.Equal(status, response.StatusCode);
            Assert.Equal([origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Contains("Origin", response.Headers.Vary);
        }
    }

    [Theory]
    [InlineData("https://app.example.test:443", "https://app.example.test")]
    [InlineData("HTTPS://App.Example.Test", "https://app.example.test")]
    [InlineData("https://app.example.test/base/", "https://app.example.test")]
    [InlineData("http://localhost:80/", "http://localhost")]
    [InlineData("http://[::1]:5173", "http://[::1]:5173")]
    public async Task The_origin_of_FRONTEND_URL_is_what_a_browser_calls_it_T14(string frontend, string origin)
    {
        await using var stage = await Stage.StartAsync(("FRONTEND_URL", frontend));

        using var response = await stage.ConnectAsync(token: null, origin);

        Assert.Equal([origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_known_origin_may_read_that_Redis_is_away_T14()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", redis.ConnectionString)));
        redis.Kill();

        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User()), TestSettings.FrontendUrl);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([TestSettings.FrontendUrl], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    private static Task<HttpResponseMessage> SendAsync(Stage stage, HttpMethod method, string origin)
    {
        var request = new HttpRequestMessage(method, "fathom/connect");
        request.Headers.Add("Origin", origin);
        return stage.Gateway.Client.SendAsync(request);
    }
}
