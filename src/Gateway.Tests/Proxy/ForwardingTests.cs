using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Proxy;

/// <summary>The known ways in which proxies change what passes through them; this one does not.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private GatewayUnderTest _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", _backend.Address.ToString())));

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/%41%7e%e2%9c%93")]
    [InlineData("/a/./b/../c")]
    [InlineData("/../a")]
    [InlineData("/a%ZZ%")]
    [InlineData("/a|b[c]{d}^\"`<>\\")]
    [InlineData("/a?x=%41&y=|^`{}\"<>\\%ZZ")]
    [InlineData("//double//slash/")]
    [InlineData("/a;b=c,d:e@f!$&'()*+=~")]
    [InlineData("/?")]
    [InlineData("/fathom/other?code=1")]
    [InlineData("//fathom/connect")]
    [InlineData("/fathom%2fcallback")]
    public async Task The_request_target_reaches_the_backend_to_the_letter(string target)
    {
        await RawClient.ExchangeAsync(_gateway.Public, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal($"GET {target} HTTP/1.1", _backend.Request.Head.StartLine);
    }

    [Fact]
    public async Task No_field_is_added_to_the_request_and_none_is_lost()
    {
        await RawClient.ExchangeAsync(
            _gateway.Public,
            "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: ftp\r\nForwarded: for=5.6.7.8\r\n"
            + "Upgrade-Insecure-Requests: 1\r\n"
            + "traceparent: 00-11111111111111111111111111111111-2222222222222222-01\r\nX-Latin: caf\u00e9\r\nX_under.score: yes\r\n"
            + "X-Empty:\r\n\r\n");

        var fields = _backend.Request.Head.Fields.Where(field => field.Key != "Host")
            .Select(field => $"{field.Key}: {field.Value}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "Forwarded: for=5.6.7.8", "Upgrade-Insecure-Requests: 1", "X-Empty: ", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: ftp",
                "X-Latin: caf\u00e9", "X_under.score: yes", "traceparent: 00-11111111111111111111111111111111-2222222222222222-01",
            ],
            fields);
    }

    [Fact]
    public async Task No_field_is_added_to_the_response_but_a_missing_date()
    {
        _backend.Answers("HTTP/1.1 299 Odd\r\nX-Name: caf\u00e9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok");
        var response = await RawClient.ExchangeAsync(_gateway.Public, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("HTTP/1.1 299 Odd", response.Head.StartLine);
        Assert.Equal(
            ["Content-Length: 2", "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Name: caf\u00e9"],
            response.Head.Fields.Where(field => field.Key != "Date")
                .Select(field => $"{field.Key}: {field.Value}")
                .Order(StringComparer.Ordinal));
        Assert.Equal("ok", Encoding.Latin1.GetString(response.Body));
    }

    [Fact]
    public async Task A_request_body_over_30_MB_reaches_the_backend()
    {
        using var answer =
            await _gateway.Client.PostAsync("upload", new ByteArrayContent(new byte[31_000_000]), TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(31_000_000, _backend.Request.Body.Length);
    }

    [Fact]
    public async Task The_head_of_a_response_does_not_wait_for_its_body()
    {
        var goOn = new TaskCompletionSource();
        _backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            await goOn.Task;
            await exchange.SendAsync("0\r\n\r\n");
        });
        await using var client = await RawClient.ConnectAsync(_gateway.Public);
        await client.SendAsync("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");

        // The backend says nothing more before this has been read.
        Assert.Equal("HTTP/1.1 200 OK", (await client.ReadHeadAsync()).StartLine);
        goOn.SetResult();
    }

    [Fact]
    public async Task A_backend_that_is_down_is_an_empty_502_with_X_Gateway_Error()
    {
        await _backend.DisposeAsync();
        var response = await RawClient.ExchangeAsync(_gateway.Public, "GET /a?secret=1 HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("HTTP/1.1 502 Bad Gateway", response.Head.StartLine);
        Assert.Contains(response.Head.Fields, field => field.Key == "X-Gateway-Error");
        Assert.Empty(response.Body);
        Assert.DoesNotContain("secret", _gateway.Log.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
