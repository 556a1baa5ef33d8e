using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// Upgrades to other protocols than WebSocket are forwarded without knowledge of the protocol. An upgrade to HTTP/2 is not.
/// </summary>
public sealed class OtherProtocolTests : IAsyncLifetime
{
    private ProxiedBackend _proxied = null!;

    public async ValueTask InitializeAsync() => _proxied = await ProxiedBackend.StartAsync();

    [Theory]
    [InlineData("GET", "other/1")]
    [InlineData("GET", "tcp")]
    [InlineData("POST", "tcp")]
    [InlineData("GET", "a/1, b/2")]
    [InlineData("GET", "WebSocket")]
    public async Task Other_protocols_pass_both_ways_B9(string method, string protocol)
    {
        var chosen = protocol.Split(',')[0];
        string? seen = null;
        _proxied.Backend.Script = async exchange =>
        {
            seen = exchange.Head.Value("Upgrade");
            await exchange.SendAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {chosen}\r\n\r\nhello");
            await exchange.SendAsync(await exchange.ReadSomeAsync());
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        };
        await using var client = await RawClient.ConnectAsync(_proxied.Http11);
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: {protocol}\r\n\r\n");

        var head = await client.ReadHeadAsync();
        Assert.Equal((101, chosen), (head.Status, head.Value("Upgrade")));
        Assert.Equal(protocol, seen);
        Assert.Equal("hello", await client.ReadTextAsync(5));
        await client.SendAsync("echo");
        Assert.Equal("echo", await client.ReadTextAsync(4));
    }

    /// <summary>Over a tunnel of HTTP/2, requests would pass the gateway unseen: the own routes, too.</summary>
    [Theory]
    [InlineData("Upgrade, HTTP2-Settings", "h2c")]
    [InlineData("Upgrade", "H2C")]
    [InlineData("Upgrade", "websocket, h2c")]
    public async Task H2c_is_not_tunnelled_B9(string connection, string protocol)
    {
        string? seen = "";
        _proxied.Backend.Script = async exchange =>
        {
            seen = exchange.Head.Value("Upgrade");
            await ProxiedBackend.EchoOfTheTarget(exchange);
        };

        var response = await RawClient.ExchangeAsync(
            _proxied.Http11,
            $"GET /a HTTP/1.1\r\nHost: h\r\nConnection: {connection}\r\nUpgrade: {protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        Assert.Equal((200, "/a"), (response.Status, response.BodyText));
        Assert.DoesNotContain("h2c", seen ?? "", StringComparison.OrdinalIgnoreCase);
    }

    public ValueTask DisposeAsync() => _proxied.DisposeAsync();
}
