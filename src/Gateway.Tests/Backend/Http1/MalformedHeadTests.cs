using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>An answer whose head is no HTTP/1.1 (RFC 9112) is a 502, and nothing more is read from its connection.</summary>
public sealed class MalformedHeadTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private const string Ok = "HTTP/1.1 200 OK\r\n", Chunks = "5\r\nhello\r\n0\r\n\r\n";

    private static int _number;

    private ProxiedBackend Proxied => shared.Value;

    public static TheoryData<string> StartLines() =>
    [
        "HTTP/1.1 abc OK", "HTTP/1.1 20 OK", "HTTP/1.1 1000 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 99 Low", "HTTP/1.1 000 Zero",
        "HTTP/1.1 -20 OK", "HTTP/1.1 2 00", "HTTP/1.1 +200 OK",
        "HTTP/1.1 200OK", "HTTP/1.1", "HTTP/1.1 ", "HTTP/2.0 200 OK", "HTTP/2 200 OK", "HTTP/0.9 200 OK", "HTTP/3 200 OK", "HTTP/11 200 OK",
        "HTTP/1.10 200 OK", "http/1.1 200 OK",
        "HTTP 200 OK", "200 OK", " HTTP/1.1 200 OK", "<html>hello</html>", "ICY 200 OK", "SSH-2.0-x", "HTTP/1.1\t200\tOK",
        "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\rK", "HTTP/1.1 \u00b2\u00b200 OK",
    ];

    public static TheoryData<string> Fields() =>
    [
        "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5", "Content-Length: 5, 6",
        "Content-Length: +5", "Content-Length: -1", "Content-Length: 0x5",
        "Content-Length: 5 5", "Content-Length: 5.0", "Content-Length: 5;", "Content-Length:", "Content-Length: five",
        "Content-Length: 99999999999999999999", "Content-Length: 18446744073709551621",
        "Content-Length: 9223372036854775808", "Content-Length: \u00b2", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: identity",
        "Transfer-Encoding: identity, chunked", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:", "Transfer-Encoding: ,", "Transfer-Encoding: chunk ed", "Transfer-Encoding: \u000bchunked", "X: a\0b",
        "X: a\rb", "X: a\u0001b", "X: a\u001fb", "X\0: a", "X\r: a",
        "no colon", ": nameless", " X: a", "X Y: a", "X(: a",
        "X\u00e9: a", "\"X\": a", "X\u007f: a", "HTTP/1.1 200 OK",
    ];

    public static TheoryData<string> Whole() =>
    [
        "\r\n\r\n\r\n\r\n", "\n\n\n\n", "\0\0\0\0\r\n\r\n", "\u0016\u0003\u0001\u0002\0\u0001\0\r\n\r\n",
        "\0\0\u0012\u0004\0\0\0\0\0\0\0\u0003\0\0\0\u0064\r\n\r\n", "\r\n" + Ok + "Content-Length: 0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(StartLines))]
    public Task An_invalid_status_line_is_a_502_B5(string line) => RefusedAsync($"{line}\r\nContent-Length: 5\r\n\r\nhello");

    [Theory]
    [MemberData(nameof(Fields))]
    public Task Response_fields_that_could_be_read_in_two_ways_are_a_502_B5(string lines) =>
        RefusedAsync($"{Ok}{lines}\r\n\r\n{(lines.Contains("ransfer", StringComparison.Ordinal) ? Chunks : "hello")}");

    [Theory]
    [MemberData(nameof(Whole))]
    public Task Bytes_that_are_no_HTTP_response_are_a_502_B5(string bytes) => RefusedAsync(bytes);

    [Fact]
    public Task A_response_head_beyond_64_kB_is_a_502_B5() =>
        RefusedAsync($"{Ok}X-Big: {new string('b', 70_000)}\r\nContent-Length: 5\r\n\r\nhello");

    [Fact]
    public Task Ten_thousand_response_field_lines_are_a_502_B5() =>
        RefusedAsync($"{Ok}{string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: {i}\r\n"))}Content-Length: 5\r\n\r\nhello");

    [Fact]
    public Task A_status_line_without_end_is_a_502_B5() => RefusedAsync($"HTTP/1.1 200 {new string('r', 200_000)}");

    [Fact]
    public Task A_response_field_name_without_end_is_a_502_B5() => RefusedAsync($"{Ok}{new string('n', 200_000)}");

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n")]
    public Task A_101_response_to_a_request_without_an_upgrade_is_a_502_B5(string answer) => RefusedAsync(answer);

    [Theory]
    [InlineData("X: a\0b")]
    [InlineData("Content-Length: 5")]
    [InlineData("no colon")]
    public Task A_malformed_interim_response_is_a_502_B5(string line)
    {
        var behind = line.StartsWith('C') ? "hello\r\n\r\n" : $"{Ok}Content-Length: 0\r\n\r\n";
        return RefusedAsync($"HTTP/1.1 103 Early Hints\r\n{line}\r\n\r\n{behind}");
    }

    private async Task RefusedAsync(string answer)
    {
        var target = $"/{Interlocked.Increment(ref _number)}";
        var ended = new TaskCompletionSource();
        Proxied.Backend.Script = async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(answer);
            // The gateway ends the connection.
            await exchange.IsEndedByPeerAsync();
            ended.TrySetResult();
            exchange.Close();
        };

        var response = await RawClient.ExchangeAsync(Proxied.Http11, $"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal((502, ""), (response.Status, response.BodyText));
        Assert.NotNull(response.Header("X-Gateway-Error"));
        await using var http2 = await Http2Client.ConnectAsync(Proxied.Http2);
        var overHttp2 = await http2.ExchangeAsync(new Http2Request("GET", target, []));

        Assert.Equal(("502", ""), (overHttp2.Status, overHttp2.Body));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
