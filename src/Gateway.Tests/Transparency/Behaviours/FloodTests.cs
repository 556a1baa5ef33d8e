using System.Diagnostics;
using System.Globalization;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Many malicious clients at a gateway in its own process, so that its memory can be measured.</summary>
[Trait("Speed", "Slow")]
public sealed class FloodTests : IAsyncLifetime
{
    private const int SlowHeads = 300, HugeHeads = 100, MaxResets = 20_000;

    /// <summary>
    /// Far less than what the floods would take if any of it were kept, far more than what a garbage collector leaves lying about.
    /// </summary>
    private const long MaxGrowth = 200_000_000;

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly int _http2Port = FreePort.Next();
    private GatewayProcess _gateway = null!;

    [Theory]
    [InlineData("/flood")]
    [InlineData("/fathom/callback")]
    public async Task Slow_request_heads_delay_no_other_request_and_do_not_reach_the_backend_T31(string target)
    {
        var clients = new List<RawClient>();
        for (var i = 0; i < SlowHeads; i++)
        {
            clients.Add(await RawClient.ConnectAsync(_gateway.Public));
            await clients[^1].SendAsync($"GET {target} HTTP/1.1\r\nHost: h\r\nX-Slow: {i}");
        }

        await AssertServesAsync();
        Assert.DoesNotContain(_backend.Requests, request => request.Head.Target == target);
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Theory]
    [InlineData("/flood")]
    [InlineData("/fathom/connect")]
    public async Task Request_heads_of_a_megabyte_are_refused_and_not_kept_T31(string target)
    {
        var before = Memory();
        for (var i = 0; i < HugeHeads; i++)
        {
            await using var client = await RawClient.ConnectAsync(_gateway.Public);
            try
            {
                await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: h\r\nX-Huge: {new string('x', 1_000_000)}\r\n\r\n");
                Assert.Equal(431, (await client.ReadResponseAsync()).Status);
            }
            catch (IOException)
            {
                // Refused so early that the rest could not be sent.
            }
        }

        Assert.True(Memory() - before < MaxGrowth, $"the gateway grew by {Memory() - before} bytes");
        await AssertServesAsync();
    }

    [Fact]
    public async Task Streams_that_are_reset_at_once_are_not_kept_and_others_are_served_T31()
    {
        var before = Memory();
        var address = new Uri($"http://127.0.0.1:{_http2Port.ToString(CultureInfo.InvariantCulture)}/");
        await using (var attacker = await Http2Client.ConnectAsync(address))
        {
            try
            {
                for (var i = 0; i < MaxResets; i++)
                {
                    var stream = await attacker.SendAsync(new Http2Request("GET", "/flood", []));
                    await attacker.SendAsync(new Http2Frame(Http2Frame.Reset, 0, stream, [0, 0, 0, 8]));
                }
            }
            catch (IOException)
            {
                // The server has had enough of this connection.
            }
        }

        await using var other = await Http2Client.ConnectAsync(address);
        Assert.Equal("200", (await other.ExchangeAsync(new Http2Request("GET", "/served", []))).Status);
        Assert.True(Memory() - before < MaxGrowth, $"the gateway grew by {Memory() - before} bytes");
        await AssertServesAsync();
    }

    public async ValueTask InitializeAsync() => _gateway = await GatewayProcess.StartAsync(
        TestSettings.Embedded(("BACKEND_URL", $"{_backend.Address}"), ("H2C_PORT", _http2Port.ToString(CultureInfo.InvariantCulture))));

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private async Task AssertServesAsync()
    {
        Assert.Equal("backend", await _gateway.Client.GetStringAsync("served"));
        using var own = await _gateway.Client.GetAsync("fathom/connect");
        Assert.Equal(401, (int)own.StatusCode);
    }

    private long Memory()
    {
        using var process = Process.GetProcessById(_gateway.ProcessId);
        return process.WorkingSet64;
    }
}
