using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>HTTP/1.0 knows no upgrade: a request of it is forwarded as a plain one (RFC 9110, section 7.8).</summary>
public sealed class Http10UpgradeTests
{
    [Theory]
    [InlineData("websocket", null)]
    [InlineData("other/1", null)]
    [InlineData("websocket", "00:01:00")]
    [InlineData("spdy/3.1", "00:01:00")]
    public async Task An_upgrade_in_an_HTTP_1_0_request_is_not_forwarded_B9(string protocol, string? timeout)
    {
        (string?, string?)? seen = null;
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                seen = (exchange.Head.Value("Upgrade"), exchange.Head.Value("Connection"));
                await ProxiedBackend.EchoOfTheTarget(exchange);
            },
            settings: ("ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", timeout));

        var response = await RawClient.ExchangeAsync(
            proxied.Http11,
            $"GET /a HTTP/1.0\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.Equal((200, "/a"), (response.Status, response.BodyText));
        Assert.Equal((null, null), seen);
    }

    /// <summary>The backend takes it for an upgrade, although the request is none.</summary>
    [Fact]
    public async Task A_101_response_to_an_HTTP_1_0_request_is_a_502_B5()
    {
        await using var proxied = await ProxiedBackend.StartAsync(exchange => exchange.SendAsync(Upgrade.Accepted));

        var response = await RawClient.ExchangeAsync(
            proxied.Http11, Upgrade.Request.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal));

        Assert.Equal(502, response.Status);
    }
}
