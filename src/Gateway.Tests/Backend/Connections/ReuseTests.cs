using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Which connections to the backend are used again.</summary>
public sealed class ReuseTests : IAsyncLifetime
{
    private ProxiedBackend _proxied = null!;

    public async ValueTask InitializeAsync() => _proxied = await ProxiedBackend.StartAsync();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_connection_whose_response_ended_by_its_framing_is_reused_B4(string answer)
    {
        _proxied.Backend.Script = RawResponse.Verbatim(answer);

        for (var i = 0; i < 5; i++) await ExchangeAsync();

        Assert.Equal(1, _proxied.Backend.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")]
    public async Task A_connection_that_the_backend_says_it_closes_is_not_reused_B4(string answer)
    {
        // The backend has not closed it when the next request comes.
        _proxied.Backend.Script = RawResponse.Verbatim(answer);

        for (var i = 0; i < 5; i++) await ExchangeAsync();

        Assert.Equal(5, _proxied.Backend.Connections);
    }

    /// <summary>RFC 9112, section 9.3: HTTP/1.0 keeps a connection only where both sides ask for it, and neither has to.</summary>
    [Fact]
    public async Task Keep_alive_in_an_HTTP_1_0_response_harms_no_later_request_B4()
    {
        _proxied.Backend.Script = RawResponse.Verbatim("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");

        for (var i = 0; i < 5; i++) Assert.Equal("ok", (await ExchangeAsync()).BodyText);
    }

    /// <summary>A client that closes its own connection does not affect the one to the backend.</summary>
    [Fact]
    public async Task A_client_that_closes_its_connection_leaves_the_backend_connection_open_B4()
    {
        for (var i = 0; i < 5; i++) await ExchangeAsync("Connection: close\r\n");

        Assert.Equal(1, _proxied.Backend.Connections);
    }

    [Fact]
    public async Task A_connection_whose_client_left_in_the_middle_of_a_response_is_not_reused_B4()
    {
        var gone = new TaskCompletionSource();
        _proxied.Backend.Script = async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await exchange.IsEndedByPeerAsync();
            gone.SetResult();
            exchange.Close();
        };
        var client = await RawClient.ConnectAsync(_proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();

        client.Reset();

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20));
        _proxied.Backend.Script = ProxiedBackend.EchoOfTheTarget;
        Assert.Equal("/next", await _proxied.GetAsync("/next"));
    }

    public ValueTask DisposeAsync() => _proxied.DisposeAsync();

    private async Task<WireMessage> ExchangeAsync(string fields = "")
    {
        await using var client = await RawClient.ConnectAsync(_proxied.Http11);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
        return (await client.ReadFinalResponseAsync()).Final;
    }
}
