using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Several requests on one connection.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private const int Times = 20;

    private readonly Pair _pair = new();

    public async ValueTask InitializeAsync()
    {
        await _pair.InitializeAsync();
        _pair.Backend.Answers(request => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {request.Head.Target.Length}\r\n\r\n{request.Head.Target}"));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(string.Concat(Enumerable.Range(0, Times).Select(i => $"POST /{i} HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")));

        for (var i = 0; i < Times; i++) Assert.Equal($"/{i}", (await client.ReadResponseAsync()).BodyText);
    }

    [Fact]
    public async Task Connections_are_kept_open_on_both_sides()
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        for (var i = 0; i < Times; i++)
        {
            await client.SendAsync($"GET /{i} HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal($"/{i}", (await client.ReadResponseAsync()).BodyText);
        }

        Assert.Equal(1, _pair.Backend.Connections);
    }

    /// <summary>Node announces 5 s: a request sent a moment later would meet a closed door.</summary>
    [Fact]
    public async Task A_backend_that_says_how_long_it_keeps_a_connection_is_believed()
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(2, _pair.Backend.Connections);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_sees_the_end_of_the_body_in_the_end_of_the_connection()
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n");

        var response = await client.ReadResponseAsync();

        Assert.Equal("body", response.BodyText);
        Assert.Null(response.Header("Transfer-Encoding"));
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
