using System.Globalization;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Fields behind a body, both ways, as far as HTTP and the server let them.</summary>
public sealed class TrailerTests : IAsyncLifetime
{
    private const string Trailers = "X-Sum: 1\r\nX-Two: a, b\r\nX-Two: c\r\n";

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [InlineData("Trailer: X-Sum, X-Two\r\n")]
    [InlineData("")]
    public async Task Request_trailers_reach_the_backend_B6(string announcement)
    {
        await RawClient.ExchangeAsync(
            _pair.Gateway.Public,
            $"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n{announcement}\r\n4\r\nbody\r\n0\r\n{Trailers}\r\n");

        AssertArrived();
    }

    [Fact]
    public async Task Request_trailers_of_HTTP_2_reach_the_backend_B6()
    {
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);

        await client.ExchangeAsync(
            new Http2Request("POST", "/", [], "body") { Trailers = [new("x-sum", "1"), new("x-two", "a, b"), new("x-two", "c")] });

        AssertArrived();
    }

    [Theory]
    [InlineData("body", "Content-Length: 4\r\n")]
    [InlineData("4\r\nbody\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n")]
    public async Task No_trailers_are_added_to_a_request_without_any_B6(string body, string framing)
    {
        await RawClient.ExchangeAsync(_pair.Gateway.Public, $"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n{body}");

        Assert.Equal("body", _pair.Backend.Request.BodyText);
        Assert.EndsWith(framing[0] == 'T' ? "\r\n0\r\n\r\n" : "body", _pair.Backend.Request.RawBodyText, StringComparison.Ordinal);
    }

    /// <summary>A trailer must not change the framing of the message (RFC 9110, section 6.5.1).</summary>
    [Theory]
    [InlineData("Content-Length: 100")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Host: other")]
    public async Task Request_trailers_with_framing_fields_do_not_change_the_framing_B6(string line)
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n{line}\r\n\r\n");
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("body", _pair.Backend.Requests[0].BodyText);
        Assert.Equal("/next", _pair.Backend.Requests[1].Head.Target);
    }

    [Theory]
    [InlineData("Trailer: X-Sum, X-Two\r\n")]
    [InlineData("")]
    public async Task Response_trailers_reach_a_client_of_HTTP_2_B6(string announcement)
    {
        _pair.Backend.Answers($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{announcement}\r\n4\r\nbody\r\n0\r\n{Trailers}\r\n");
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);

        var response = await client.ExchangeAsync(new Http2Request("GET", "/", [new("te", "trailers")]));

        Assert.Equal(("200", "body"), (response.Status, response.Body));
        Assert.Equal(["x-sum: 1", "x-two: a, b", "x-two: c"], response.Trailers.Select(line => $"{line.Key}: {line.Value}").Order());
        Assert.DoesNotContain(response.Fields, line => line.Key is "x-sum" or "x-two");
    }

    [Fact]
    public async Task A_response_without_content_but_with_trailers_reaches_a_client_of_HTTP_2_B6()
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\ngrpc-status: 7\r\n\r\n");
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);

        var response = await client.ExchangeAsync(new Http2Request("POST", "/", [new("te", "trailers")], "body"));

        Assert.Equal(("200", ""), (response.Status, response.Body));
        Assert.Equal(["grpc-status: 7"], response.Trailers.Select(line => $"{line.Key}: {line.Value}"));
    }

    /// <summary>The server has none in HTTP/1.1; whether it gets them or not, what a client sees is well framed.</summary>
    [Fact]
    public async Task Response_trailers_never_spoil_the_body_over_HTTP_1_1_B6()
    {
        _pair.Backend.Answers($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\n{Trailers}\r\n");
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n");

            var response = await client.ReadResponseAsync();

            Assert.Equal((200, "body"), (response.Status, response.BodyText));
            Assert.Null(response.Header("X-Sum"));
        }
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    private void AssertArrived()
    {
        var request = _pair.Backend.Request;
        Assert.Equal("body", request.BodyText);
        var behind = request.RawBodyText[(request.RawBodyText.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal) + 5)..];
        var lines = behind.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["x-sum: 1", "x-two: a, b", "x-two: c"], lines.Select(line => line.ToLower(CultureInfo.InvariantCulture)).Order());
        Assert.Null(request.Header("X-Sum"));
    }
}
