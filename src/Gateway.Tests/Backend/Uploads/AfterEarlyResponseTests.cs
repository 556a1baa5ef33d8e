using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The state of both connections after an answer that came before the end of the request's body.</summary>
[Trait("Speed", "Slow")]
public sealed class AfterEarlyResponseTests
{
    private const long Length = 20_000_000;

    private const string Refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_body_was_not_read_to_its_end_is_answered_and_its_connection_closed_B1(bool chunked)
    {
        await using var proxied = await ProxiedBackend.StartAsync(RefuseAsync);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked, 1000) + (chunked ? "4\r\nhalf\r\n" : "half"));

        var response = await client.ReadResponseAsync("POST");

        Assert.Equal((413, "big"), (response.Status, response.BodyText));
        Assert.True(await client.IsClosedByPeerAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_body_was_read_to_its_end_keeps_its_connection_B1(bool chunked)
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            if (exchange.Head.Method == "GET")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
            await exchange.ReadRequestAsync();
            await exchange.SendAsync("3\r\nend\r\n0\r\n\r\n");
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked, 8) + (chunked ? "4\r\nhalf\r\n" : "half"));

        // The rest is sent only after the answer has begun.
        var head = await client.ReadHeadAsync();
        await client.SendAsync(chunked ? "4\r\nhalf\r\n0\r\n\r\n" : "half");
        var text = "";
        while (!text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)) text += Encoding.Latin1.GetString(await client.ReadSomeAsync());
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(200, head.Status);
        Assert.Equal("/next", (await client.ReadResponseAsync()).BodyText);
    }

    [Fact]
    public async Task The_connection_to_the_backend_is_ended_and_nobody_elses_request_goes_over_it_B1()
    {
        var ended = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            if (exchange.Head.Method == "GET")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.SendAsync(Refusal);
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, 1000) + "half");
        Assert.Equal(413, (await client.ReadResponseAsync("POST")).Status);

        Assert.Equal("/other", await proxied.GetAsync("/other"));
        Assert.Equal(2, proxied.Backend.Connections);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Most clients of HTTP/1.1 read when they have written: a reset before that would discard the answer.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_sends_all_before_it_reads_still_gets_the_answer_B1(bool chunked)
    {
        var answered = new TaskCompletionSource();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Refusal);
            answered.SetResult();
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked, Length));
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Upload.SendBodyAsync(client, chunked, Length);

        var response = await client.ReadResponseAsync("POST");

        Assert.Equal((413, "big"), (response.Status, response.BodyText));
    }

    [Fact]
    public async Task An_early_response_over_HTTP_2_ends_only_its_stream_B1()
    {
        var connections = 0;
        await using var proxied = await ProxiedBackend.StartAsync(RefuseAsync);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = proxied.Http2, Timeout = TimeSpan.FromSeconds(30) };

        for (var i = 0; i < 10; i++)
        {
            using var content = new StreamedContent(Length, 64 * 1024, announced: i % 2 == 0);
            using var request = Upload.Http2Post(content);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(413, (int)response.StatusCode);
            Assert.Equal("big", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(1, connections);
    }

    private static async Task RefuseAsync(RawExchange exchange)
    {
        await exchange.SendAsync(Refusal);
        await exchange.IsEndedByPeerAsync();
        exchange.Close();
    }
}
