using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// Trailers that HTTP/2 cannot carry: fields of the connection and of the framing (RFC 9113, section 8.2.2; RFC 9110, section 6.5.1), and
/// values that the server does not write. They are dropped; the body and all other trailers arrive.
/// </summary>
public sealed class DroppedTrailerTests
{
    private const string Unforwardable =
        "Connection: close\r\nkeep-alive: timeout=5\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nProxy-Connection: close\r\n"
        + "Upgrade: h2c\r\nTE: gzip\r\nX-Control: a\u0001b\r\nX-Delete: a\u007fb\r\n";

    [Theory]
    [InlineData(null)]
    [InlineData("00:01:00")]
    public async Task Response_trailers_that_HTTP_2_cannot_carry_are_dropped_and_the_body_is_whole_B6(string? timeout)
    {
        var pair = await Pair.WithAsync(("ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", timeout));
        pair.Backend.Answers(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n{Unforwardable}X-Two: 2\r\n\r\n");
        await using var client = await Http2Client.ConnectAsync(pair.Http2);
        for (var i = 0; i < 2; i++)
        {
            var response = await client.ExchangeAsync(new Http2Request("GET", "/", [new("te", "trailers")]));

            Assert.Equal(("200", "body", (int?)null), (response.Status, response.Body, response.ResetBy));
            Assert.Equal(["x-sum: 1", "x-two: 2"], response.Trailers.Select(line => $"{line.Key}: {line.Value}").Order());
        }

        Assert.Equal(1, pair.Backend.Connections);
        Assert.Empty(pair.Gateway.Log.Complaints);
        await pair.DisposeAsync();
    }

    [Theory]
    [InlineData("content-length", "100")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("host", "other")]
    [InlineData("keep-alive", "x")]
    [InlineData("proxy-connection", "x")]
    [InlineData("upgrade", "x")]
    public async Task Request_trailers_that_change_the_framing_or_the_target_are_dropped_B6(string name, string value)
    {
        var pair = await Pair.WithAsync();
        await RawClient.ExchangeAsync(
            pair.Gateway.Public,
            $"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n{name}: {value}\r\nX-Sum: 1\r\n\r\n");
        await using var client = await Http2Client.ConnectAsync(pair.Http2);
        await client.ExchangeAsync(new Http2Request("POST", "/", [], "body") { Trailers = [new(name, value), new("x-sum", "1")] });
        await pair.DisposeAsync();

        Assert.Equal(2, pair.Backend.Requests.Count);
        Assert.All(
            pair.Backend.Requests,
            request => Assert.EndsWith("\r\n0\r\nx-sum: 1\r\n\r\n", request.RawBodyText, StringComparison.OrdinalIgnoreCase));
    }
}
