using System.Net.WebSockets;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>What is under way in a replica that is asked to stop, during and after <c>DrainDelay</c>.</summary>
[Trait("Speed", "Slow")]
public sealed class StoppingTests(RealStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RecordingBackend _files = RecordingBackend.Start();
    private EchoBackend _talks = null!;

    [Fact]
    public async Task Callbacks_under_way_at_SIGTERM_finish_and_later_ones_go_to_the_other_replica_F17()
    {
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), _provider.Settings);
        await using var old = await GatewayProcess.StartAsync(settings);
        await using var next = await GatewayProcess.StartAsync(settings);
        await Task.WhenAll(old.WarmUpAsync(), next.WarmUpAsync());
        var waiting = await StatesAsync(old);
        var unfinished = await StatesAsync(old);
        var release = new TaskCompletionSource();
        var before = _provider.TokenRequests.Count;
        _provider.Answers(async _ =>
        {
            await release.Task;
            return _provider.NewTokens();
        });
        var redirects = waiting.Select(state => old.LandAsync(state, Fresh.Code())).ToArray();
        await Eventually.BecomesTrueAsync(
            () => _provider.TokenRequests.Count == before + waiting.Length, TimeSpan.FromSeconds(60), "all exchanges are under way");

        var end = old.TerminateAsync();
        await Eventually.BecomesTrueAsync(
            async () => !await old.IsReadyAsync(), TimeSpan.FromSeconds(30), "no further request is sent there");
        Assert.True(await next.IsReadyAsync());
        release.SetResult();

        Assert.All(await Task.WhenAll(redirects), redirect => Assert.Equal(CallbackRedirect.Success, redirect));
        Assert.Equal(0, await end);
        foreach (var state in unfinished) Assert.Equal(CallbackRedirect.Success, await next.LandAsync(state, Fresh.Code()));
    }

    [Fact]
    public async Task A_download_and_a_WebSocket_that_are_under_way_at_SIGTERM_come_to_their_end_F17()
    {
        await using var files = await GatewayProcess.StartAsync(Before(_files.Address));
        await using var talks = await GatewayProcess.StartAsync(Before(_talks.Address));
        using var download = await Download.StartAsync(files, _files);
        using var socket = await OpenAsync(talks);

        var ends = new[] { files.TerminateAsync(), talks.TerminateAsync() };
        await Eventually.BecomesTrueAsync(
            async () => !await files.IsReadyAsync() && !await talks.IsReadyAsync(),
            TimeSpan.FromSeconds(30),
            "no further request is sent there");

        Assert.True(await download.EndsAsync());
        Assert.Equal("still here", await EchoAsync(socket, "still here"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel).WaitAsync(Limit, Cancel);
        Assert.All(await Task.WhenAll(ends), exitCode => Assert.Equal(0, exitCode));
    }

    [Fact]
    public async Task A_download_and_a_WebSocket_without_end_are_aborted_and_the_replica_exits_with_0_F17()
    {
        await using var files = await GatewayProcess.StartAsync(Before(_files.Address));
        await using var talks = await GatewayProcess.StartAsync(Before(_talks.Address));
        using var download = await Download.StartAsync(files, _files);
        using var socket = await OpenAsync(talks);

        Assert.All(await Task.WhenAll(files.TerminateAsync(), talks.TerminateAsync()), exitCode => Assert.Equal(0, exitCode));

        // Aborted, so that the client does not take the received part for the whole body.
        await Assert.ThrowsAnyAsync<IOException>(download.EndsAsync);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => EchoAsync(socket, "too late"));
    }

    [Fact]
    public async Task A_replica_in_production_says_that_it_is_stopping_before_it_closes_its_listeners_F17()
    {
        await using var gateway = await GatewayProcess.StartAsync(Before(_files.Address, ("ASPNETCORE_ENVIRONMENT", "Production")));

        var end = gateway.TerminateAsync();

        // The probe uses the same listener, on a connection of its own.
        await Eventually.BecomesTrueAsync(
            async () => await RawClient.ExchangeAsync(
                gateway.Internal,
                "GET /health/ready HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n") is { Status: 503 },
                TimeSpan.FromSeconds(30),
                "it says so");
        Assert.Equal(0, await end);
    }

    public async ValueTask InitializeAsync() => _talks = await EchoBackend.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _files.DisposeAsync();
        await _talks.DisposeAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Dictionary<string, string?> Before(object backend, params (string Name, string? Value)[] changes) =>
        TestSettings.Embedded([("BACKEND_URL", $"{backend}"), .. changes]);

    private static async Task<string[]> StatesAsync(GatewayProcess gateway)
    {
        var states = new List<string>();
        for (var i = 0; i < 20; i++) states.Add(await gateway.StateAsync(Fresh.User()));
        return [.. states];
    }

    private static async Task<ClientWebSocket> OpenAsync(GatewayProcess gateway)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(gateway.Public) { Scheme = "ws", Path = "socket" }.Uri, Cancel);
        Assert.Equal("hello", await EchoAsync(socket, "hello"));
        return socket;
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, Cancel).WaitAsync(Limit, Cancel)).Count);
    }
}
