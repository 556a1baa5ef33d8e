using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Heads that no gateway forwards: tunnels, lines without CR, and more lengths than there can be.</summary>
public sealed class RefusedHeadTests(Pair pair) : IClassFixture<Pair>
{
    private static int _number;

    private readonly string _target = $"/refused/{Interlocked.Increment(ref _number)}";

    [Theory]
    [InlineData("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n")]
    [InlineData("CONNECT http://h/ HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("CONNECT /path HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("CONNECT \u0001 HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("CONNECT h HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("CONNECT user@h:1 HTTP/1.1\r\nHost: user@h:1\r\n\r\n")]
    public Task CONNECT_is_refused_and_the_connection_ends(string request) => RefusedAsync(400, request);

    /// <summary>The server's own answer: no method but OPTIONS has such a target (RFC 9112, section 3.2.4).</summary>
    [Fact]
    public Task CONNECT_to_an_asterisk_is_refused() => RefusedAsync(405, "CONNECT * HTTP/1.1\r\nHost: h\r\n\r\n");

    [Theory]
    [InlineData("GET {0} HTTP/1.1\nHost: h\n\n")]
    [InlineData("GET {0} HTTP/1.1\nHost: h\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: h\nX: y\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: h\r\nX: y\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: h\r\n\n")]
    public Task A_request_with_a_line_without_CR_is_refused(string request) =>
        RefusedAsync(400, request.Replace("{0}", _target, StringComparison.Ordinal));

    [Theory]
    [InlineData("Content-Length: 3\r\nTransfer-Encoding: chunked\r\nX-Content-Length: 5\r\n")]
    [InlineData("X-Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n")]
    [InlineData("transfer-encoding: chunked\r\nx-content-length: 5\r\ncontent-length: 3\r\n")]
    public Task A_request_with_all_three_lengths_is_refused(string fields) =>
        RefusedAsync(400, $"POST {_target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n3\r\nabc\r\n0\r\n\r\n");

    /// <summary>Each of them passes with the other two in other heads of its connection.</summary>
    [Fact]
    public async Task Lengths_of_several_requests_of_a_connection_do_not_exclude_each_other()
    {
        string[] bodies = ["Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Content-Length: 3\r\n\r\nabc", "X-Content-Length: 5\r\n\r\n",
            "Content-Length: 3\r\nX-Content-Length: 5\r\n\r\nabc", "Transfer-Encoding: chunked\r\nX-Content-Length: 5\r\n\r\n0\r\n\r\n"];
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Public);
        foreach (var rest in (string[])[.. bodies, .. bodies])
        {
            await client.SendAsync($"POST {_target} HTTP/1.1\r\nHost: h\r\n{rest}");
            Assert.Equal(200, (await client.ReadResponseAsync("POST")).Status);
        }
    }

    [Theory]
    [InlineData(null, "400")]
    [InlineData("nothing", "501")]
    public async Task CONNECT_over_HTTP_2_is_refused_and_other_streams_go_on(string? protocol, string status)
    {
        List<KeyValuePair<string, string>> fields = [new(":method", "CONNECT"), new(":authority", "h:443")];
        if (protocol is not null) fields.AddRange([new(":protocol", protocol), new(":scheme", "http"), new(":path", "/")]);
        await using var client = await Http2Client.ConnectAsync(pair.Http2);
        await client.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1, Hpack.Encode(fields)));
        Assert.Equal(status, (await client.ReadResponseAsync(1)).Status);

        var begun = pair.Backend.Requests.Count;
        await client.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 3,
            Hpack.Encode(new Http2Request("GET", _target, []).AllFields)));
        Assert.Equal("200", (await client.ReadResponseAsync(3)).Status);
        Assert.Equal(begun + 1, pair.Backend.Requests.Count);
    }

    private async Task RefusedAsync(int status, string request)
    {
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Public);
        await client.SendAsync(request);

        Assert.Equal(status, (await client.ReadResponseAsync()).Status);
        Assert.True(await client.IsClosedByPeerAsync());
        Assert.DoesNotContain(pair.Backend.Requests, seen => seen.Head.Target == _target || seen.Head.Method == "CONNECT");
        Assert.Empty(pair.Gateway.Log.Complaints);
    }
}
