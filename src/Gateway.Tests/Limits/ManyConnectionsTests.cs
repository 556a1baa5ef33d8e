using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>
/// Connections that would fill the memory of a small container, at a gateway in a process of its own: they are refused, other clients are
/// served, and the memory is freed.
/// </summary>
[Trait("Speed", "Exhaustive")]
[Collection(nameof(BothCoresCollection))]
public sealed class ManyConnectionsTests : IAsyncLifetime
{
    /// <summary>A container of 512 MB: the runtime takes three quarters of it.</summary>
    private const string HeapLimit = "0x18000000";

    private static readonly byte[] Small = Encoding.ASCII.GetBytes(RecordingBackend.DefaultResponse);

    /// <summary>One for all connections: this process has its bounds, too.</summary>
    private static readonly byte[] Large = [.. "HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n"u8, .. new byte[20_000_000]];

    /// <summary>Generous beside the second that is promised: the tests share the machine with each other.</summary>
    private static readonly TimeSpan BystanderLimit = TimeSpan.FromSeconds(10);

    /// <summary>Of 90 MB at the start, and some 370 at the worst.</summary>
    private const long MaxWorkingSet = 250_000_000;

    /// <summary>A few connections, of the test's own.</summary>
    private const long MaxAfterwards = 2_000_000;

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly Uri _http2 = new($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}/");
    private GatewayProcess _gateway = null!;

    [Theory]
    [MemberData(nameof(MemoryAttacks.Cases), MemberType = typeof(MemoryAttacks), DisableDiscoveryEnumeration = true)]
    public async Task Too_many_connections_are_refused_other_clients_are_served_and_the_memory_is_freed_T31(
        string what, bool overHttp2, int connections, byte[] bytes)
    {
        Assert.NotEmpty(what);
        using var end = new CancellationTokenSource();
        var bystander = ServeAsync(end.Token);
        using (var many = new ManyConnections())
        {
            await many.OpenAsync(overHttp2 ? _http2 : _gateway.Public, connections, bytes);
            // Those that came last are still being looked at.
            Assert.True(await AskAsync() == "backend");
        }

        await Eventually.BecomesTrueAsync(
            async () => await FigureAsync("fathom_client_memory_bytes") < MaxAfterwards,
            TimeSpan.FromSeconds(60),
            "nothing is charged any more");
        await Eventually.BecomesTrueAsync(() => WorkingSet() < MaxWorkingSet, TimeSpan.FromSeconds(90), "the memory is given back");
        await end.CancelAsync();
        Assert.True(await bystander > 0);
        Assert.DoesNotContain("Unhandled exception", _gateway.Output, StringComparison.Ordinal);

        // And once more: had anything been kept, it would be too much now.
        using var again = new ManyConnections();
        await again.OpenAsync(overHttp2 ? _http2 : _gateway.Public, connections, bytes);
        Assert.Equal("backend", await AskAsync());
    }

    public async ValueTask InitializeAsync()
    {
        _backend.AnswersBeforeTheBody(async exchange =>
        {
            if (exchange.Head.Target == "/hold") await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
            await exchange.SendAsync(exchange.Head.Target == "/large" ? Large : Small);
        });
        _gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(
            ("BACKEND_URL", $"{_backend.Address}"), ("H2C_PORT", $"{_http2.Port}"), ("DOTNET_GCHeapHardLimit", HeapLimit)));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    /// <summary>Ordinary requests, one after the other, each on a connection of its own.</summary>
    private async Task<int> ServeAsync(CancellationToken end)
    {
        var served = 0;
        for (; !end.IsCancellationRequested; served++) Assert.Equal("backend", await AskAsync());
        return served;
    }

    private async Task<string> AskAsync()
    {
        var clock = Stopwatch.StartNew();
        var request = $"GET /ok HTTP/1.1\r\nHost: h\r\nCookie: {new string('c', 800)}\r\nConnection: close\r\n\r\n";
        var answer = await RawClient.ExchangeAsync(_gateway.Public, request);
        Assert.True(clock.Elapsed < BystanderLimit, $"answered after {clock.Elapsed.TotalSeconds} s");
        return answer.BodyText;
    }

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(_gateway.ProcessId);
        return process.WorkingSet64;
    }

    private async Task<long> FigureAsync(string name)
    {
        var figures = await _gateway.InternalClient.GetStringAsync("metrics");
        var figure = Regex.Match(figures, $@"^{name}(?:\{{[^}}]*\}})? (\d+)", RegexOptions.Multiline).Groups[1].Value;
        return long.Parse(figure, CultureInfo.InvariantCulture);
    }
}
