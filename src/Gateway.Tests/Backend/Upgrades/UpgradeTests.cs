using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Which requests change the protocol, and what follows an answer that refuses.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private ProxiedBackend _proxied = null!;

    public async ValueTask InitializeAsync() => _proxied = await ProxiedBackend.StartAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_in_the_segment_of_the_101_are_the_first_of_the_other_protocol_B9(bool tls)
    {
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await exchange.SendAsync(Upgrade.Accepted + "hello");
                await exchange.SendAsync(await exchange.ReadSomeAsync());
                await exchange.IsEndedByPeerAsync();
                exchange.Close();
            },
            tls);
        await using var client = await Upgrade.ConnectAsync(proxied);

        Assert.Equal("hello", await client.ReadTextAsync(5));
        await client.SendAsync("echo");
        Assert.Equal("echo", await client.ReadTextAsync(4));
    }

    [Fact]
    public async Task Bytes_behind_the_request_are_the_first_of_the_other_protocol_B9()
    {
        _proxied.Backend.Script = async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            await exchange.SendAsync(await exchange.ReadSomeAsync());
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        };
        await using var client = await Upgrade.ConnectAsync(_proxied, behind: "eager");

        Assert.Equal("eager", await client.ReadTextAsync(5));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")]
    [InlineData("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nno")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nno")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")]
    public async Task A_refused_upgrade_is_passed_on_and_the_connection_stays_usable_B9(string answer)
    {
        _proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target == "/next") await ProxiedBackend.EchoOfTheTarget(exchange);
            else await exchange.SendAsync(answer);
            if (answer.Contains("close", StringComparison.Ordinal)) exchange.Close();
        };
        await using var client = await RawClient.ConnectAsync(_proxied.Http11);
        await client.SendAsync(Upgrade.Request);

        var (response, _) = await client.ReadFinalResponseAsync();
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Contains($" {response.Status} ", answer, StringComparison.Ordinal);
        Assert.Equal("no", response.BodyText);
        Assert.Equal("/next", (await client.ReadResponseAsync()).BodyText);
    }

    /// <summary>RFC 6455, section 4.1: only GET opens a WebSocket, and a field does not make a GET of anything.</summary>
    [Theory]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task A_method_is_kept_whatever_the_upgrade_B9(string method)
    {
        WireHead? seen = null;
        _proxied.Backend.Script = async exchange =>
        {
            seen = exchange.Head;
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };

        await using var client = await RawClient.ConnectAsync(_proxied.Http11);
        await client.SendAsync($"{method} /account/7 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync(method)).Status);
        Assert.Equal($"{method} /account/7 HTTP/1.1", seen!.StartLine);
    }

    public ValueTask DisposeAsync() => _proxied.DisposeAsync();
}
