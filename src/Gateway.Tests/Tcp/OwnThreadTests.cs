using System.IO.Pipelines;
using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tcp;

/// <summary>
/// The threads of Redis, PostgreSQL, the provider, user verification and the own routes, also beside a continuation that blocks.
/// </summary>
public sealed class OwnThreadTests(RealStores stores) : IAsyncLifetime
{
    private readonly RecordingBackend _me = RecordingBackend.Start();
    private readonly int _http2Port = FreePort.Next();
    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(TestSettings.OnRealStores(
        await stores.RedisAsync(), await stores.NewDatabaseAsync(), ("PUBLIC_STATUS", "true"), ("VERIFY_USER_URL", $"{_me.Address}me"),
        ("H2C_PORT", $"{_http2Port}")));

    /// <summary>
    /// Whatever any category logs on the way. The lines of the server alone may be written on socket threads, for what is forwarded.
    /// </summary>
    [Fact]
    public async Task No_continuation_of_a_store_the_provider_or_an_own_route_runs_on_a_socket_thread()
    {
        using var provider = new HttpCompletions(new Uri(_stage.Provider.TokenUrl).Port);
        using var verification = new HttpCompletions(_me.Address.Port);
        for (var i = 0; i < 3; i++)
        {
            // The client's one connection is marked by the first.
            Assert.Equal("backend", await _stage.Gateway.Client.GetStringAsync("anything"));
            await TakeEveryStepAsync(Fresh.User());
        }

        Assert.NotEmpty(provider.OnSocketThread);
        Assert.NotEmpty(verification.OnSocketThread);
        Assert.DoesNotContain(true, provider.OnSocketThread.Concat(verification.OnSocketThread));
        Assert.Contains(_stage.Gateway.Log.Lines, line => line.Contains("Npgsql.Command", StringComparison.Ordinal));
        Assert.DoesNotContain(_stage.Gateway.Log.OnSocketThreads, IsOurs);
    }

    /// <summary>The own route waits for the end of its body, while the forwarded stream marks their connection.</summary>
    [Fact]
    public async Task An_own_route_over_HTTP2_continues_on_no_socket_thread_beside_a_forwarded_stream()
    {
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{_http2Port}/") };
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        var body = new Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Content = new StreamContent(body.Reader.AsStream());
        (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
        request.Headers.Authorization = new("Bearer", Jwt.For(Fresh.User()));
        var own = client.SendAsync(request);

        Assert.Equal("backend", await client.GetStringAsync("anything"));
        Assert.False(own.IsCompleted);
        await body.Writer.CompleteAsync();
        Assert.Equal(HttpStatusCode.OK, (await own).StatusCode);
        Assert.DoesNotContain(_stage.Gateway.Log.OnSocketThreads, IsOurs);
    }

    [Theory]
    [InlineData("an own route, behind Redis", "FathomGateway.Audit", "began to connect")]
    [InlineData("a store", "Npgsql.Command", "INSERT INTO fathom_connections")]
    [InlineData("an own route, behind a store", "FathomGateway.Audit", "was linked")]
    public async Task A_continuation_of_an_own_route_that_blocks_delays_no_forwarded_request(string what, string category, string words)
    {
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stage.Gateway.Log.Writing = line =>
        {
            var isIt = line.Contains(category, StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal);
            if (isIt && blocked.TrySetResult()) release.Wait();
        };

        await IsServedBesideAsync(what, blocked.Task, release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blocking_continuation_of_the_provider_or_the_user_check_delays_no_forwarded_request(bool isProvider)
    {
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var completions = new HttpCompletions(
            isProvider ? new Uri(_stage.Provider.TokenUrl).Port : _me.Address.Port,
            () =>
            {
                if (blocked.TrySetResult()) release.Wait();
            });

        await IsServedBesideAsync(isProvider ? "the provider" : "user verification", blocked.Task, release);
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _me.DisposeAsync();
    }

    private async Task IsServedBesideAsync(string what, Task blocked, ManualResetEventSlim release)
    {
        await using var kept = await RawClient.ConnectAsync(_stage.Gateway.Public);
        var own = Task.Run(() => TakeEveryStepAsync(Fresh.User()), TestContext.Current.CancellationToken);
        try
        {
            await blocked.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            for (var i = 0; i < 20; i++)
            {
                await kept.SendAsync("GET /anything HTTP/1.1\r\nHost: h\r\n\r\n");
                Assert.Equal("backend", (await kept.ReadResponseAsync()).BodyText);
                var onNew =
                    await RawClient.ExchangeAsync(_stage.Gateway.Public, "GET /any HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                Assert.Equal("backend", onNew.BodyText);
            }

            Assert.False(own.IsCompleted, $"nothing of {what} was blocked");
        }
        finally
        {
            release.Set();
        }

        await own;
    }

    private async Task TakeEveryStepAsync(string user)
    {
        await _stage.LandAsync(await _stage.StateAsync(user), Fresh.Code());
        using (await _stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token?rejected_version=1"))
        {
        }

        foreach (var (method, target) in new[] { (HttpMethod.Get, "fathom/status"), (HttpMethod.Delete, "fathom/connection") })
        {
            using var request = new HttpRequestMessage(method, target) { Headers = { { "Authorization", $"Bearer {Jwt.For(user)}" } } };
            using var response = await _stage.Gateway.Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{target}: {response}");
        }
    }

    /// <summary>A line begins with level and category.</summary>
    private static bool IsOurs(string line) => line.Split(' ')[1].Split('.') is ["FathomGateway" or "Npgsql" or "StackExchange", ..]
        or ["Microsoft", "AspNetCore", "Authentication" or "Authorization" or "Cors", ..];
}
