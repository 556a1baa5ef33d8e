using System.Collections.Concurrent;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>Attacks by a provider that must not succeed; run against each kind of request.</summary>
public abstract class HostileProviderContract
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_of_the_provider_is_not_followed_T27_F13(int status)
    {
        await using var canary = RecordingBackend.Start();

        await AssertFailsAsync(
            RawResponse.Verbatim($"HTTP/1.1 {status} Away\r\nLocation: {canary.Address}token\r\nContent-Length: 0\r\n\r\n"));

        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task A_provider_response_of_10_MB_is_not_read_T27_F13()
    {
        var body = $$"""{"pad":"{{new string('x', 10_000_000)}}","access_token":"new","token_type":"Bearer"}""";

        await AssertFailsAsync(RawResponse.Json(body));
    }

    [Fact]
    public async Task A_provider_response_just_over_64_kB_is_refused_T27()
    {
        var body = $$"""{"pad":"{{new string('x', 64 * 1024)}}","access_token":"new","token_type":"Bearer"}""";

        await AssertFailsAsync(RawResponse.Json(body));
    }

    [Fact]
    public async Task A_provider_response_without_end_is_abandoned_soon_T27_F13()
    {
        var sent = 0L;
        var chunk = Encoding.ASCII.GetBytes($"1000\r\n{new string(' ', 0x1000)}\r\n");

        await AssertFailsAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true)
            {
                await exchange.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });

        // What the sockets' buffers take comes on top of what is read.
        Assert.InRange(sent, 1, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task A_provider_response_head_of_1_MB_is_refused_T27() => await AssertFailsAsync(
        RawResponse.Verbatim(
            $"HTTP/1.1 200 OK\r\nX-Pad: {new string('x', 1_000_000)}\r\nContent-Length: 44\r\n\r\n"
                + $"{{\"access_token\":\"new\",\"token_type\":\"Bearer\"}}"));

    [Fact]
    public async Task A_provider_response_that_declares_10_GB_is_not_waited_for_T27_F13() => await AssertFailsAsync(async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n{");
        await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
    });

    [Fact]
    public async Task A_provider_response_head_of_17_kB_is_refused_T27() => await AssertFailsAsync(
        RawResponse.Verbatim(
            $"HTTP/1.1 200 OK\r\nX-Pad: {new string('x', 17 * 1024)}\r\nContent-Length: 44\r\n\r\n"
                + $"{{\"access_token\":\"new\",\"token_type\":\"Bearer\"}}"));

    [Fact]
    public async Task A_cookie_of_the_provider_is_not_kept_T27()
    {
        var received = new ConcurrentQueue<string?>();
        for (var i = 0; i < 2; i++)
        {
            await AssertFailsAsync(async exchange =>
            {
                await exchange.ReadRequestAsync();
                received.Enqueue(exchange.Head.Value("Cookie"));
                await exchange.SendAsync("HTTP/1.1 404 Not Found\r\nSet-Cookie: canary=1; Path=/\r\nContent-Length: 0\r\n\r\n");
            });
        }

        Assert.Equal([null, null], received);
    }

    /// <summary>Sends a request that the script answers, and asserts that no success came of it and that it was sent once.</summary>
    private protected abstract Task AssertFailsAsync(Func<RawExchange, Task> script);
}
