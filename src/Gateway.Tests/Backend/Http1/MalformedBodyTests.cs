using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A body whose framing breaks after its head was passed on: the client's connection is cut, so it never looks complete.</summary>
public sealed class MalformedBodyTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Good = "5\r\nhello\r\n";

    private ProxiedBackend Proxied => shared.Value;

    public static TheoryData<string> Chunks() =>
    [
        "zz\r\nhello\r\n", "-5\r\nhello\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n",
        "\t5\r\nhello\r\n", "5 5\r\nhello\r\n", "5,5\r\nhello\r\n", "5.\r\nhello\r\n",
        "8000000000000000\r\nhello\r\n", "FFFFFFFFFFFFFFFF\r\nhello\r\n", "10000000000000005\r\nhello\r\n",
        "FFFFFFFFFFFFFFFFFFFFFFFF\r\nhello\r\n", "0000000000000000000000000000000000005x\r\nhello\r\n",
        "5\nhello\n", "5\r\nhello\n", "5\nhello\r\n", "5\rhello\r\n", "5\r\nhelloXX", "5\r\nhello!\r\n", "5\r\nhell\r\n",
        "5\r\nhello\r\r\n", "\r\n5\r\nhello\r\n", ";a=b\r\nhello\r\n", "g\r\nhello\r\n",
        "5;a=\0b\r\nhello\r\n", "5;a\rb\r\nhello\r\n", "5;a\nb\r\nhello\r\n", "\u00e95\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "0\r\nno colon\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\n: y\r\n\r\n", "0\r\nX: a\0b\r\n\r\n", "0\r\nX: a\rb\r\n\r\n",
        "0\r\n folded: y\r\n\r\n", "0\r\rX: y\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task A_malformed_chunk_after_a_forwarded_head_cuts_the_clients_connection_B5(string chunk)
    {
        await CutAsync(chunk, behindTheHead: true);
        await CutAsync(chunk, behindTheHead: false);
    }

    [Fact]
    public Task A_chunk_extension_without_end_cuts_the_clients_connection_B5() =>
        CutAsync($"5;{new string('x', 200_000)}\r\nhello\r\n0\r\n\r\n", behindTheHead: true);

    [Fact]
    public Task Trailers_without_end_cut_the_clients_connection_B5() =>
        CutAsync($"0\r\n{string.Concat(Enumerable.Range(0, 20_000).Select(i => $"X-{i}: y\r\n"))}\r\n", behindTheHead: true);

    /// <summary>
    /// RFC 9112, section 6.3: such answers have no body, whatever their fields say, and bytes after the head belong to no response.
    /// </summary>
    [Theory]
    [InlineData("204 No Content", "Content-Length: 6\r\n", "hello!")]
    [InlineData("204 No Content", "Content-Length: 6\r\n", "")]
    [InlineData("204 No Content", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("304 Not Modified", "Content-Length: 6\r\n", "hello!")]
    [InlineData("304 Not Modified", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    public async Task The_framing_fields_of_a_204_or_304_announce_no_body_B5(string status, string framing, string body)
    {
        Proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target == "/next") await ProxiedBackend.EchoOfTheTarget(exchange);
            else await RawResponse.Verbatim($"HTTP/1.1 {status}\r\nX-Kept: yes\r\n{framing}\r\n{body}")(exchange);
        };
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        var head = await client.ReadHeadAsync();
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(status[..3], $"{head.Status}");
        Assert.Equal("yes", head.Value("X-Kept"));
        Assert.Null(head.Value("Transfer-Encoding"));
        Assert.Equal("/next", (await client.ReadResponseAsync()).BodyText);
    }

    private async Task CutAsync(string chunk, bool behindTheHead)
    {
        TaskCompletionSource? seen = null;
        var ended = new TaskCompletionSource();
        Proxied.Backend.Script = async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(behindTheHead ? Head + Good : Head + Good + chunk);
            if (behindTheHead) await seen!.Task;
            if (behindTheHead) await exchange.SendAsync(chunk);
            await exchange.IsEndedByPeerAsync();
            ended.TrySetResult();
            exchange.Close();
        };

        seen = new TaskCompletionSource();
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var head = await client.ReadHeadAsync();
        seen.SetResult();
        if (head.Status == 502 && !behindTheHead)
        {
            // It was all there before the head went on.
            Assert.NotNull(head.Value("X-Gateway-Error"));
        }
        else
        {
            Assert.Equal(200, head.Status);
            var (text, _) = await client.ReadToEndAsync();
            Assert.False(text.EndsWith("0\r\n\r\n", StringComparison.Ordinal), "a clean end");
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));

        seen = new TaskCompletionSource();
        seen.SetResult();
        await using var http2 = await Http2Client.ConnectAsync(Proxied.Http2);
        var overHttp2 = await http2.ExchangeAsync(new Http2Request("GET", "/", []));
        Assert.True(overHttp2.Status == "502" || overHttp2.ResetBy is not null, $"{overHttp2.Status} {overHttp2.Body}");
    }
}
