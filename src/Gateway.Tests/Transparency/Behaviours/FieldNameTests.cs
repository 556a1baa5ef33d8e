using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// HTTP/2 frames field names and values by length, so they can hold what ends a name, a line or a head in HTTP/1.1. Such a request is
/// refused (RFC 9113, section 10.3), whichever forwarder handles it.
/// </summary>
public sealed class FieldNameTests : IAsyncLifetime
{
    private const string Timeout = "ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout";

    private static readonly string[] Names =
    [
        "x: y\r\ncontent-length: 120\r\nz", "x: y\r\ntransfer-encoding: chunked\r\nz", "x: y\r\nhost: other\r\nz",
        "x: y\r\n\r\nget /smuggled http/1.1\r\nhost", "\r\nx", "x\r\n", "x\n", "\rx", " gzip", "\tx", "content-length ", "content-length\t",
        "transfer-encoding ", "transfer-encoding\u000b", "content-length:", "x:y", "x y", "x\tz", "x\0", "x\u0001", "x\u007f", "x(y)",
        "x/y", "x\"", "x@y", "x{}", "x\\", "x,y", "x;y", "x=y", "x[1]", "x?", "x<>", "cf-x: y\r\nz",
        "x\u0080", "x\u00e9", "x\u00ff", "",
    ];

    private readonly List<Pair> _pairs = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public Task A_field_name_that_is_no_token_is_refused_and_nothing_is_forwarded_T32() => RefuseAsync();

    [Fact]
    public Task The_forwarder_of_YARP_gets_no_field_name_that_is_no_token_T32() => RefuseAsync((Timeout, "00:01:00"));

    [Fact]
    public Task A_backend_of_HTTP_2_gets_no_field_name_that_is_no_token_T32() =>
        RefuseAsync(("ReverseProxy:Clusters:backend:HttpRequest:Version", "2"));

    [Theory]
    [InlineData(null)]
    [InlineData("00:01:00")]
    public async Task A_WebSocket_over_HTTP_2_with_a_field_name_that_is_no_token_is_refused_T32(string? timeout)
    {
        var pair = await PairAsync((Timeout, timeout));
        foreach (var name in Names)
        {
            await using var client = await Http2Client.ConnectAsync(pair.Http2);
            await client.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders, 1, Hpack.Encode(
            [
                new(":method", "CONNECT"), new(":protocol", "websocket"), new(":scheme", "http"), new(":path", "/socket"),
                new(":authority", "h"), new("sec-websocket-version", "13"), new(name, "v"),
            ])));

            var response = await client.ReadResponseAsync(1);
            AssertRefused(response.ResetBy is null ? response.Status : null, name);
        }

        Assert.Empty(pair.Backend.Requests);
        Assert.Equal(0, pair.Backend.Connections);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00:01:00")]
    public async Task A_trailer_whose_name_is_no_token_is_not_forwarded_T32(string? timeout)
    {
        var pair = await PairAsync((Timeout, timeout));
        foreach (var name in Names)
        {
            var status = await StatusAsync(pair, new Http2Request("POST", "/trailers", [], "body") { Trailers = [new(name, "v")] });

            Assert.True(status is "200" or null, $"{Uri.EscapeDataString(name)}: {status}");
        }

        Assert.All(pair.Backend.Requests, request => Assert.Equal("/trailers", request.Head.Target));
        Assert.All(pair.Backend.Requests, request => Assert.EndsWith("\r\n0\r\n\r\n", request.RawBodyText, StringComparison.Ordinal));
    }

    /// <summary>The server reads such names over HTTP/1.1, too, and a backend may take some of them for another name.</summary>
    [Theory]
    [InlineData(null, "Transfer-Encoding\u000b")]
    [InlineData(null, "Content-Length\u0001")]
    [InlineData(null, "X(Y)")]
    [InlineData("00:01:00", "Transfer-Encoding\u000b")]
    [InlineData("00:01:00", "X(Y)")]
    public async Task A_field_name_that_is_no_token_is_refused_over_HTTP_1_1_T32(string? timeout, string name)
    {
        var pair = await PairAsync((Timeout, timeout));

        var response = await RawClient.ExchangeAsync(pair.Gateway.Public, $"GET / HTTP/1.1\r\nHost: h\r\n{name}: v\r\n\r\n");

        Assert.Equal(400, response.Status);
        Assert.Empty(pair.Backend.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pair in _pairs) await pair.DisposeAsync();
    }

    private async Task RefuseAsync(params (string Name, string? Value)[] settings)
    {
        var pair = await PairAsync([("STRIP_EDGE_HEADERS", "true"), .. settings]);
        foreach (var name in Names)
        {
            AssertRefused(await StatusAsync(pair, new Http2Request("GET", "/", [new("x-a", "1"), new(name, "v")])), name);
            AssertRefused(await StatusAsync(pair, new Http2Request("POST", "/", [new(name, "v")], "body")), name);
        }

        Assert.Empty(pair.Backend.Requests);
        Assert.Equal(0, pair.Backend.Connections);
    }

    private static void AssertRefused(string? status, string name) =>
        Assert.True(status is "400" or null, $"{Uri.EscapeDataString(name)}: {status}");

    /// <summary>The status, or null where the server ends the stream or the connection.</summary>
    private static async Task<string?> StatusAsync(Pair pair, Http2Request request)
    {
        await using var client = await Http2Client.ConnectAsync(pair.Http2);
        try
        {
            var response = await client.ExchangeAsync(request);
            return response.ResetBy is null ? response.Status : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<Pair> PairAsync(params (string Name, string? Value)[] settings)
    {
        var pair = await Pair.WithAsync(settings);
        _pairs.Add(pair);
        return pair;
    }
}
