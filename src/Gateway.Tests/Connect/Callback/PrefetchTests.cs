using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class PrefetchTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("HEAD", "", 405)]
    [InlineData("POST", "Content-Length: 0\r\n", 405)]
    [InlineData("POST", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n", 405)]
    [InlineData("OPTIONS", "", 405)]
    [InlineData("OPTIONS", "Origin: https://app.example.test\r\nAccess-Control-Request-Method: GET\r\n", 405)]
    [InlineData("PUT", "Content-Length: 0\r\n", 405)]
    [InlineData("DELETE", "", 405)]
    [InlineData("GET", "Sec-Purpose: prefetch\r\n", null)]
    [InlineData("GET", "Sec-Purpose: prefetch;prerender\r\n", null)]
    [InlineData("GET", "Sec-Purpose: prefetch;anonymous-client-ip\r\n", null)]
    [InlineData("GET", "sec-purpose: Prefetch\r\n", null)]
    [InlineData("GET", "Sec-Purpose: prerender\r\n", null)]
    [InlineData("GET", "Purpose: prefetch\r\n", null)]
    [InlineData("GET", "Purpose: preview\r\n", null)]
    [InlineData("GET", "purpose: Preview\r\n", null)]
    [InlineData("GET", "X-Purpose: preview\r\n", null)]
    [InlineData("GET", "X-Purpose: prefetch\r\n", null)]
    [InlineData("GET", "X-Moz: prefetch\r\n", null)]
    [InlineData("GET", "Purpose: \r\nPurpose: preview\r\n", null)]
    [InlineData("get", "", 405)]
    [InlineData("Get", "", 405)]
    [InlineData("gET", "", 405)]
    [InlineData("head", "", 405)]
    [InlineData("options", "Origin: https://app.example.test\r\nAccess-Control-Request-Method: GET\r\n", 405)]
    public async Task A_prefetch_of_the_callback_spends_nothing_T13(string method, string fields, int? status)
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var query = $"code={code}&state={await stage.StateAsync(user)}";

        for (var i = 0; i < 2; i++)
        {
            var answer = await RawClient.ExchangeAsync(
                stage.Gateway.Public, $"{method} /fathom/callback?{query} HTTP/1.1\r\nHost: h\r\n{fields}Connection: close\r\n\r\n");
            Assert.True(status is null || answer.Status == status, answer.Head.Text);
            Assert.Null(answer.Header("Location"));
        }

        Assert.Equal(0, stage.Exchanges(code));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(query));
        Assert.NotNull(await stage.ConnectionAsync(user));
    }
}
