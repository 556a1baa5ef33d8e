using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>How often the backend sees a request when it ends the connection in place of an answer.</summary>
public sealed class SendOnceTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private const string Bodyless = "\r\n", Body = "Content-Length: 4\r\n\r\nbody";
    private const string Chunks = "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";

    private static readonly string[] Safe = ["GET", "HEAD", "OPTIONS", "TRACE"];

    private static readonly string[] Others = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "CUSTOM"];

    // What comes before the end: nothing, less than a start line, an interim answer, half a head.
    private static readonly string[] Beginnings = ["", "H", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le"];

    private ProxiedBackend Proxied => shared.Value;

    public static MatrixTheoryData<string, string, string, bool> Requests() =>
        new([.. Safe, .. Others], [Bodyless, Body, Chunks], Beginnings, [true, false]);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_sent_once_over_a_fresh_connection_B3(string method, string rest, string beginning, bool inGoodOrder)
    {
        var before = Proxied.Backend.Requests;
        Proxied.Backend.Script = Ends(beginning, inGoodOrder);

        var response = await ExchangeAsync(method, rest);

        Assert.Equal(502, response.Status);
        Assert.Equal(1, Proxied.Backend.Requests - before);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_sent_again_only_if_it_is_safe_and_its_connection_was_stale_B3(
        string method, string rest, string beginning, bool inGoodOrder)
    {
        Proxied.Backend.Script = ProxiedBackend.EchoOfTheTarget;
        Assert.Equal("/first", await Proxied.GetAsync("/first"));
        var (before, connections) = (Proxied.Backend.Requests, Proxied.Backend.Connections);
        Proxied.Backend.Script = Ends(beginning, inGoodOrder);

        var response = await ExchangeAsync(method, rest);

        Assert.Equal(502, response.Status);
        var mayBeSentAgain = Safe.Contains(method) && rest == Bodyless && beginning.Length == 0;
        // A retry is not required: TRACE is unused, and a reset can be the backend's answer to this request.
        var isSentAgain = mayBeSentAgain && method != "TRACE" && inGoodOrder;
        Assert.InRange(Proxied.Backend.Requests - before, isSentAgain ? 2 : 1, mayBeSentAgain ? 2 : 1);
        // The second try, where there is one, goes over a connection of its own.
        Assert.Equal(Proxied.Backend.Requests - before - 1, Proxied.Backend.Connections - connections);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_request_that_is_sent_again_gets_its_response_B3(string method)
    {
        Proxied.Backend.Script = ProxiedBackend.EchoOfTheTarget;
        Assert.Equal("/first", await Proxied.GetAsync("/first"));
        Proxied.Backend.Script = async exchange =>
        {
            Proxied.Backend.Script = ProxiedBackend.EchoOfTheTarget;
            await Ends("", inGoodOrder: true)(exchange);
        };

        Assert.Equal(200, (await ExchangeAsync(method, Bodyless)).Status);
    }

    /// <summary>A backend that was restarted has ended all of them: what has been readable for a while is not reused.</summary>
    [Fact]
    public async Task Connections_that_the_backend_has_ended_are_not_used_for_a_request_that_is_sent_once_B3()
    {
        const int connections = 8;
        var together = new TaskCompletionSource();
        var arrived = 0;
        var mayEnd = new TaskCompletionSource();
        Proxied.Backend.Script = async exchange =>
        {
            if (Interlocked.Increment(ref arrived) == connections) together.SetResult();
            await together.Task;
            await ProxiedBackend.EchoOfTheTarget(exchange);
            await mayEnd.Task;
            exchange.Close();
            if (Interlocked.Decrement(ref arrived) == 0) Proxied.Backend.Script = ProxiedBackend.EchoOfTheTarget;
        };
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Proxied.GetAsync($"/{number}")));
        mayEnd.SetResult();
        await Eventually.BecomesTrueAsync(() => arrived == 0, TimeSpan.FromSeconds(20), "all have been ended");

        for (var i = 0; i < connections; i++) Assert.Equal(200, (await ExchangeAsync("POST", Body)).Status);
    }

    private static Func<RawExchange, Task> Ends(string beginning, bool inGoodOrder) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        if (beginning.Length > 0) await exchange.SendAsync(beginning);
        if (inGoodOrder) exchange.Close();
        else exchange.Reset();
    };

    private async Task<WireMessage> ExchangeAsync(string method, string rest)
    {
        await using var client = await RawClient.ConnectAsync(Proxied.Http11);
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: h\r\n{rest}");
        return (await client.ReadFinalResponseAsync(method)).Final;
    }
}
