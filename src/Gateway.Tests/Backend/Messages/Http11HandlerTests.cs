using System.Globalization;
using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Responses to messages of .NET over connections of HTTP/1.1.</summary>
public sealed class Http11HandlerTests
{
    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 Fine\r\n{0}Content-Length: 5\r\n\r\nhello", "hello", 1)]
    [InlineData("HTTP/1.1 200 Fine\r\n{0}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n", "hello", 1)]
    [InlineData("HTTP/1.1 103 Early\r\nX-B: 1\r\n\r\nHTTP/1.1 200 Fine\r\n{0}Content-Length: 0\r\n\r\n", "", 1)]
    [InlineData("HTTP/1.0 200 Fine\r\n{0}Content-Length: 5\r\n\r\nhello", "hello", 3)]
    public async Task A_response_has_the_fields_and_body_that_were_sent_and_its_connection_is_reused_if_allowed_B4_B6(
        string format, string body, int connections)
    {
        var answer = string.Format(CultureInfo.InvariantCulture, format, "X-A: 1\r\nX-A: 2\r\nContent-Type: text/x\r\n");
        await using var stage = new HandlerStage(RawResponse.Verbatim(answer));
        for (var i = 0; i < 3; i++)
        {
            using var request = stage.Request();
            using var response = await stage.SendAsync(request, _end);

            Assert.Equal((HttpStatusCode.OK, "Fine"), (response.StatusCode, response.ReasonPhrase));
            Assert.Equal(["1", "2"], response.Headers.GetValues("X-A"));
            Assert.Equal("text/x", response.Content.Headers.GetValues("Content-Type").Single());
            Assert.False(response.Headers.Contains("X-B"));
            Assert.Equal(body, await response.Content.ReadAsStringAsync(_end));
        }

        Assert.Equal(connections, stage.Server.Connections);
    }

    [Fact]
    public async Task A_response_body_that_ends_with_the_connection_is_read_to_its_end_B4()
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\n\r\nhello");
            exchange.Close();
        });

        Assert.Equal("hello", await stage.GetAsync());
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n")]
    public async Task A_response_body_that_breaks_off_or_is_malformed_is_an_error_B5(string rest)
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{rest}");
            exchange.Close();
        });
        using var request = stage.Request();
        using var response = await stage.SendAsync(request, _end);
        await using var body = await response.Content.ReadAsStreamAsync(_end);

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, _end));
    }

    [Theory]
    [InlineData("", HttpRequestError.ResponseEnded)]
    [InlineData("HTTP/1.1 200 OK\r\nA", HttpRequestError.ResponseEnded)]
    [InlineData("nonsense", HttpRequestError.InvalidResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", HttpRequestError.InvalidResponse)]
    public async Task Bytes_that_are_no_response_are_an_error_B5(string answer, HttpRequestError expected)
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(answer);
            exchange.Close();
        });
        using var request = stage.Request();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => stage.SendAsync(request, _end));

        Assert.Equal(expected, failure.HttpRequestError);
        Assert.Equal(1, stage.Server.Connections);
    }

    [Fact]
    public async Task Response_trailers_are_in_TrailingHeaders_B6()
    {
        const string Answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1 \r\nX-Sum:2\r\n\r\n";
        await using var stage = new HandlerStage(RawResponse.Verbatim(Answer));
        using var request = stage.Request();
        using var response = await stage.SendAsync(request, _end);

        Assert.Equal("x", await response.Content.ReadAsStringAsync(_end));

        Assert.Equal(["1", "2"], response.TrailingHeaders.GetValues("X-Sum"));
    }
}
