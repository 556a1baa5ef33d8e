using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CorsPreflightTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_preflight_is_answered_without_a_token_and_not_by_the_backend_T14()
    {
        using var response = await PreflightAsync("https://app.example.test");

        Assert.True(response.IsSuccessStatusCode, $"{response}");
        Assert.Equal(["https://app.example.test"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains(
            "authorization",
            string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")),
            StringComparison.OrdinalIgnoreCase);
        Assert.Contains("GET", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("WWW-Authenticate"));
        Assert.Empty(stage.Backend.Requests);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://evil.test")]
    [InlineData("https://app.example.test.evil.test")]
    [InlineData("https://evil-app.example.test")]
    [InlineData("https://sub.app.example.test")]
    [InlineData("https://example.test")]
    [InlineData("https://app.example.tes")]
    [InlineData("https://app.example.testx")]
    [InlineData("https://appxexample.test")]
    [InlineData("https://app.example.test:8443")]
    [InlineData("https://app.example.test@evil.test")]
    [InlineData("https://app.example.test, https://evil.test")]
    [InlineData("http://app.example.test")]
    [InlineData("HTTPS://app.example.test")]
    [InlineData("file://app.example.test")]
    [InlineData("app.example.test")]
    public async Task A_foreign_origin_gets_no_CORS_fields_T14(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        using var answer = await stage.ConnectAsync(token: null, origin);

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "fathom/connect");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return await stage.Gateway.Client.SendAsync(request);
    }
}
