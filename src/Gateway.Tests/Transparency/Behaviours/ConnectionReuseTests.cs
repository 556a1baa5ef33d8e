using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Several requests on one connection.</summary>
public sealed class ConnectionReuseTests : IAsyncLifetime
{
    private const int Times = 20;

    private readonly Pair _pair = new();

    public async ValueTask InitializeAsync()
    {
        await _pair.InitializeAsync();
        _pair.Backend.Answers(request =>
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {request.Head.Target.Length}\r\n\r\n{request.Head.Target}"));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(
            string.Concat(Enumerable.Range(0, Times).Select(i => $"POST /{i} HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")));

        for (var i = 0; i < Times; i++) Assert.Equal($"/{i}", (await client.ReadResponseAsync()).BodyText);
    }

    [Fact]
    public async Task Connections_are_kept_open_on_both_sides()
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        for (var i = 0; i < Times; i++)
        {
            await client.SendAsync($"GET /{i} HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal($"/{i}", (await client.ReadResponseAsync()).BodyText);
        }

        Assert.Equal(1, _pair.Backend.Connections);
    }

    /// <summary>Node announces 5 s: a request sent a moment later would find the connection closed.</summary>
    [Fact]
    public async Task A_Keep_Alive_timeout_of_the_backend_is_obeyed()
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(2, _pair.Backend.Connections);
    }

    /// <summary>One that says nothing closes an idle connection after five seconds, if it is Node: ours goes first.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task An_idle_connection_to_the_backend_is_closed_by_the_gateway_first()
    {
        var closed = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync(RecordingBackend.DefaultResponse);
            if (await exchange.Reader.ReadHeadAsync(exchange.ServerEnds) is null) closed.TrySetResult(default);
            exchange.Close();
        });

        await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        // Left to itself, the client would keep it for a minute.
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// A host that dies sends nothing: keepalive probes idle connections on both sides. Which timer a connection has is in
    /// /proc/net/tcp (2: keepalive). Tcp/TcpInfoTests covers unacknowledged data.
    /// </summary>
    [Fact]
    public async Task Idle_connections_on_both_sides_notice_a_peer_that_has_vanished_B8()
    {
        Assert.SkipUnless(File.Exists("/proc/net/tcp6"), "Only Linux tells.");
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadResponseAsync();

        await Eventually.BecomesTrueAsync(
            () => IsAsked(local: _pair.Gateway.Public.Port, remote: null) && IsAsked(local: null, remote: _pair.Backend.Address.Port),
            TimeSpan.FromSeconds(20),
            "both have the timer");
    }

    private static bool IsAsked(int? local, int? remote) => File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 5 && fields[3] == "01")
        .Any(fields => (local is null || fields[1].EndsWith($":{local:X4}", StringComparison.Ordinal))
            && (remote is null || fields[2].EndsWith($":{remote:X4}", StringComparison.Ordinal))
            && fields[5].StartsWith("02:", StringComparison.Ordinal));

    [Fact]
    public async Task A_client_of_HTTP_1_0_sees_the_end_of_the_body_in_the_end_of_the_connection()
    {
        _pair.Backend.Answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n");

        var response = await client.ReadResponseAsync();

        Assert.Equal("body", response.BodyText);
        Assert.Null(response.Header("Transfer-Encoding"));
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
