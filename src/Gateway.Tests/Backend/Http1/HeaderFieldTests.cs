using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Fields as they were handed over: none is added, none joined, and a method keeps its letters.</summary>
public sealed class HeaderFieldTests : IAsyncLifetime
{
    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [InlineData("X-Twice", "1", "2")]
    [InlineData("Accept", "a/b", "c/d, e/f")]
    [InlineData("Accept-Encoding", "gzip", "br")]
    [InlineData("Authorization", "Basic a", "Bearer b")]
    [InlineData("Cookie", "a=1", "b=2")]
    [InlineData("User-Agent", "a/1", "b/2")]
    [InlineData("Via", "1.1 a", "1.1 b")]
    [InlineData("X-Forwarded-For", "1.1.1.1", "2.2.2.2, 3.3.3.3")]
    [InlineData("Forwarded", "for=a", "for=b")]
    [InlineData("If-None-Match", "\"a\"", "\"b\"")]
    [InlineData("Content-Type", "a/b", "c/d")]
    [InlineData("Referer", "/a", "/b")]
    public async Task Request_field_lines_of_one_name_stay_lines_in_their_order_B6(string name, string first, string second)
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        var lines = $"{name}: {first}\r\nX-Between: x\r\n{name}: {second}\r\n{name}: {first}\r\n";
        await RawClient.ExchangeAsync(_pair.Gateway.Public, $"GET / HTTP/1.1\r\nHost: h\r\n{lines}\r\n");

        Assert.Equal([first, second, first], _pair.Backend.Request.Head.All(name));
    }

    [Fact]
    public async Task Response_field_lines_of_one_name_stay_lines_B6()
    {
        const string lines = "Set-Cookie: a=1, b\r\nVary: a\r\nSet-Cookie: c=2\r\nVary: b\r\nX-Twice:\r\nX-Twice: 2\r\n";
        _pair.Backend.Answers($"HTTP/1.1 200 OK\r\n{lines}Content-Length: 0\r\n\r\n");

        var head = (await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")).Head;

        Assert.Equal(["a=1, b", "c=2"], head.All("Set-Cookie"));
        Assert.Equal(["a", "b"], head.All("Vary"));
        Assert.Equal(["", "2"], head.All("X-Twice"));
    }

    /// <summary>HTTP/2 may split a cookie into several fields. HTTP/1.1 gets one field (RFC 9113, section 8.2.3).</summary>
    [Fact]
    public async Task Split_cookie_fields_of_HTTP_2_become_one_field_and_other_lines_stay_B6()
    {
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);

        await client.ExchangeAsync(
            new Http2Request("GET", "/", [new("cookie", "a=1"), new("x-twice", "1"), new("cookie", "b=2"), new("x-twice", "2")]));

        Assert.Equal(["a=1; b=2"], _pair.Backend.Request.Head.All("Cookie"));
        Assert.Equal(["1", "2"], _pair.Backend.Request.Head.All("X-Twice"));
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "Content-Type: application/json\r\n")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "Content-Type: application/json\r\n")]
    [InlineData("CUSTOM", "")]
    public async Task No_Content_Length_is_added_to_a_request_without_a_body_B6(string method, string fields)
    {
        await RawClient.ExchangeAsync(_pair.Gateway.Public, $"{method} / HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);
        await client.ExchangeAsync(new Http2Request(method, "/", []));

        Assert.Equal(2, _pair.Backend.Requests.Count);
        Assert.All(_pair.Backend.Requests, request => Assert.Null(request.Header("Content-Length") ?? request.Header("Transfer-Encoding")));
    }

    [Fact]
    public async Task A_Content_Length_of_0_is_kept_B6()
    {
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("0", _pair.Backend.Request.Header("Content-Length"));
    }

    /// <summary>Only over HTTP/1.1 does Kestrel rename an ignored Content-Length to this name.</summary>
    [Fact]
    public async Task A_field_named_X_Content_Length_goes_on_with_a_body_of_HTTP_2_B6()
    {
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);

        await client.ExchangeAsync(new Http2Request("POST", "/", [new("x-content-length", "5")], "body"));

        Assert.Equal(("5", "body"), (_pair.Backend.Request.Header("X-Content-Length"), _pair.Backend.Request.BodyText));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("pOsT")]
    [InlineData("Head")]
    [InlineData("OPTIONs")]
    [InlineData("connect")]
    [InlineData("propfind")]
    [InlineData("M-SEARCH")]
    [InlineData("X_Y.Z!")]
    public async Task A_method_goes_on_as_it_came_B6(string method)
    {
        await RawClient.ExchangeAsync(_pair.Gateway.Public, $"{method} /a HTTP/1.1\r\nHost: h\r\n\r\n");
        await using var client = await Http2Client.ConnectAsync(_pair.Http2);
        await client.ExchangeAsync(new Http2Request(method, "/a", []));

        Assert.Equal([$"{method} /a HTTP/1.1", $"{method} /a HTTP/1.1"], _pair.Backend.Requests.Select(request => request.Head.StartLine));
    }

    [Fact]
    public async Task No_field_is_added_to_a_request_B6()
    {
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(["Host"], _pair.Backend.Request.Head.Fields.Select(line => line.Key));
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
