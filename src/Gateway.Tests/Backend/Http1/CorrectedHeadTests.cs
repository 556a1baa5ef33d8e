using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Heads of old servers that a gateway corrects (RFC 9112), because their meaning is clear.</summary>
public sealed class CorrectedHeadTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private ProxiedBackend Proxied => shared.Value;

    /// <summary>Section 5.1: whitespace between a name and its colon is removed.</summary>
    [Theory]
    [InlineData("X-A : b\r\nContent-Length: 5\r\n\r\nhello", "b")]
    [InlineData("X-A\t: b\r\nContent-Length: 5\r\n\r\nhello", "b")]
    [InlineData("X-A: b\r\nContent-Length : 5\r\n\r\nhello", "b")]
    [InlineData("X-A: b\r\nTransfer-Encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "b")]
    // Section 5.2: the lines of a folded value become one.
    [InlineData("X-A: b\r\n c\r\nContent-Length: 5\r\n\r\nhello", "b c")]
    [InlineData("X-A: b\r\n\tc\r\n  d\r\nContent-Length: 5\r\n\r\nhello", "b c d")]
    [InlineData("X-A:\r\n b\r\nContent-Length: 5\r\n\r\nhello", "b")]
    [InlineData("X-A: b\r\n \r\nContent-Length: 5\r\n\r\nhello", "b")]
    [InlineData("X-A: b\r\nTransfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "b")]
    [InlineData("X-A: b\r\nContent-Length:\r\n 5\r\n\r\nhello", "b")]
    public async Task A_correctable_response_head_is_forwarded_corrected_B5(string rest, string value)
    {
        var answer = Ok + rest;
        Proxied.Backend.Script = RawResponse.Verbatim(answer);
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            var response = await client.ReadResponseAsync();

            Assert.Equal((200, "hello"), (response.Status, response.BodyText));
            Assert.Equal(value, string.Join(' ', response.Header("X-A")!.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)));
            Assert.All(response.Head.Fields, line => Assert.Matches("^[A-Za-z-]+$", line.Key));
        }
    }

    /// <summary>A value that becomes a number only with its folded second line is not two lengths either.</summary>
    [Theory]
    [InlineData("Content-Length: 5\r\n 5\r\n\r\nhello")]
    [InlineData("Content-Length: 1\r\n 0\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: gzip\r\n , chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" X-A: b\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task A_folded_response_head_with_ambiguous_framing_is_a_502_B5(string rest)
    {
        Proxied.Backend.Script = RawResponse.Verbatim(Ok + rest);

        var response = await RawClient.ExchangeAsync(Proxied.Http11, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(502, response.Status);
    }
}
