using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class RawClientTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public async Task A_chunked_response_loses_its_framing_and_nothing_else()
    {
        await using var server = RawServer.Start(RawResponse.Verbatim(
            "HTTP/1.1 200 Fine\r\nx-LOWER: 1\r\nX-Upper:2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"));

        var response = await RawClient.ExchangeAsync(server.Address, Get);

        Assert.Equal("HTTP/1.1 200 Fine", response.Head.StartLine);
        Assert.Equal(["x-LOWER", "X-Upper", "Transfer-Encoding"], response.Head.Fields.Select(field => field.Key));
        Assert.Equal("abc", response.BodyText);
    }

    [Fact]
    public async Task A_response_without_framing_runs_to_the_end_of_the_connection()
    {
        await using var server = RawServer.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.0 200 OK\r\n\r\nto the ");
            await exchange.SendAsync("end");
            exchange.Close();
        });

        Assert.Equal("to the end", (await RawClient.ExchangeAsync(server.Address, Get)).BodyText);
    }

    [Theory]
    [InlineData("HEAD", "200 OK")]
    [InlineData("GET", "204 No Content")]
    [InlineData("GET", "304 Not Modified")]
    public async Task A_response_that_has_no_body_is_not_waited_for(string method, string status)
    {
        await using var server = RawServer.Start(RawResponse.Verbatim($"HTTP/1.1 {status}\r\nContent-Length: 9\r\n\r\n"));

        var response = await RawClient.ExchangeAsync(server.Address, $"{method} / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Empty(response.Body);
    }

    [Fact]
    public async Task An_interim_response_is_read_as_a_response_of_its_own()
    {
        await using var server = RawServer.Start(RawResponse.Verbatim(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
        await using var client = await RawClient.ConnectAsync(server.Address);
        await client.SendAsync(Get);

        Assert.Equal(103, (await client.ReadResponseAsync()).Status);
        Assert.Equal("x", (await client.ReadResponseAsync()).BodyText);
    }

    [Fact]
    public async Task A_reset_of_the_raw_client_reaches_the_server_as_a_reset()
    {
        var seen = new TaskCompletionSource<Exception?>();
        await using var server = RawServer.Start(async exchange =>
        {
            seen.SetResult(await Record.ExceptionAsync(exchange.ReadRequestAsync));
            exchange.Close();
        });
        var client = await RawClient.ConnectAsync(server.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
        await Eventually.BecomesTrueAsync(() => server.Requests == 1, TimeSpan.FromSeconds(60), "the head has arrived");

        client.Reset();

        var fault = Assert.IsType<IOException>(await seen.Task.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode);
    }
}
