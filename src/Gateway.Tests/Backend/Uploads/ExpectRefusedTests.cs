using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// A backend that answers the head of a request that waits for 100: the body is never sent, and no other bytes are taken for it.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ExpectRefusedTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private ProxiedBackend Proxied => shared.Value;

    public static MatrixTheoryData<string, string, bool> Refusals() => new(
        ["417 Expectation Failed", "401 Unauthorized", "413 Content Too Large", "200 OK"],
        ["Content-Length: 4", "Content-Length: 5000", "Transfer-Encoding: chunked"],
        [true, false]);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_final_response_in_place_of_a_100_is_passed_on_and_the_body_is_never_sent_B2(
        string status, string framing, bool closes)
    {
        var behind = new TaskCompletionSource<byte[]>();
        Proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target != "/refused")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n{(closes ? "Connection: close\r\n" : "")}\r\nno");
            if (!closes) behind.SetResult(await exchange.ReadSomeAsync());
            exchange.Close();
        };
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        await client.SendAsync($"POST /refused HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n{framing}\r\n\r\n");

        var response = await client.ReadResponseAsync("POST");
        Assert.Equal(status[..3], $"{response.Status}");
        Assert.Equal("no", response.BodyText);
        Assert.Equal("close", response.Header("Connection"));

        // What nginx and Node keep to as well: the connection ends, and the next request goes over another.
        try
        {
            await client.SendAsync("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        catch (IOException)
        {
            // Closed already.
        }

        Assert.True(await client.IsClosedByPeerAsync());
        Assert.Equal("/other", await Proxied.GetAsync("/other"));
        if (!closes) Assert.Empty(await behind.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_refusal_that_comes_together_with_a_100_is_passed_on_B2()
    {
        Proxied.Backend.Script = async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        };
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, 5000, "Expect: 100-continue\r\n"));

        var (response, interim) = await client.ReadFinalResponseAsync("POST");

        Assert.Equal((417, "no"), (response.Status, response.BodyText));
        Assert.InRange(interim.Count, 0, 1);
        Assert.True(await client.IsClosedByPeerAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expectation_over_HTTP_2_is_refused_or_its_body_forwarded_B2(bool refuses)
    {
        const int length = 200_000;
        var received = 0;
        Proxied.Backend.Script = async exchange =>
        {
            if (refuses)
            {
                await exchange.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
                await exchange.IsEndedByPeerAsync();
                exchange.Close();
                return;
            }

            received = (await exchange.ReadRequestAsync()).Body.Length;
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
        };
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(20) });
        client.BaseAddress = Proxied.Http2;
        using var content = new StreamedContent(length, 16 * 1024, announced: true);
        using var request = Upload.Http2Post(content);
        request.Headers.ExpectContinue = true;

        using var response = await client.SendAsync(request);

        Assert.Equal(refuses ? 417 : 200, (int)response.StatusCode);
        Assert.Equal(refuses ? "no" : "yes", await response.Content.ReadAsStringAsync());
        Assert.Equal(refuses ? 0 : length, received);
    }
}
