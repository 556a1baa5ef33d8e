using System.Globalization;
using System.Net;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>Over HTTP/2, one stream does not affect the others.</summary>
public sealed class Http2LimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly TaskCompletionSource _slowMayBeAnswered = new();
    private readonly Uri _http2 = new($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}/");
    private GatewayUnderTest _gateway = null!;

    [Theory]
    [InlineData(33)]
    [InlineData(40)]
    [InlineData(57)]
    public async Task A_field_that_is_too_large_is_a_431_of_its_stream_and_the_others_go_on(int kilobytes)
    {
        await using var client = await Http2Client.ConnectAsync(_http2);
        var slow = await client.SendAsync(new Http2Request("GET", "/slow", []));
        var large = await client.SendAsync(new Http2Request("GET", "/large", [new("x-large", new string('x', kilobytes * 1024))]));

        Assert.Equal("431", (await client.ReadResponseAsync(large)).Status);
        _slowMayBeAnswered.SetResult();
        Assert.Equal("200", (await client.ReadResponseAsync(slow)).Status);
        var within = new Http2Request("GET", "/next", [new("x-within", new string('x', 31 * 1024))]);
        Assert.Equal("200", (await client.ExchangeAsync(within)).Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Uploads_that_the_backend_does_not_read_keep_no_other_request_of_their_connection_waiting(int uploads)
    {
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var client = new HttpClient(handler) { BaseAddress = _http2 };
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var end = new CancellationTokenSource();
        var large = new byte[8 * 1024 * 1024];
        var ends = Enumerable.Repeat(end.Token, uploads);
        var stalled = ends.Select(token => client.PostAsync("stalled", new ByteArrayContent(large), token)).ToArray();
        await Eventually.BecomesTrueAsync(() => _backend.Connections >= uploads, Limit, "all uploads have reached the backend");

        for (var i = 0; i < 3; i++)
        {
            using var small = new ByteArrayContent(new byte[2 * 1024]);
            using var answer = await client.PostAsync("small", small, end.Token).WaitAsync(Limit, end.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.All(stalled, one => Assert.False(one.IsCompleted));
        await end.CancelAsync();
        foreach (var one in stalled) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    public async ValueTask InitializeAsync()
    {
        _backend.AnswersBeforeTheBody(async exchange =>
        {
            if (exchange.Head.Target == "/stalled") await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
            if (exchange.Head.Target == "/slow") await _slowMayBeAnswered.Task.WaitAsync(exchange.ServerEnds);
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(RecordingBackend.DefaultResponse);
        });
        _gateway = await GatewayUnderTest.StartAsync(
            TestSettings.Embedded(("BACKEND_URL", $"{_backend.Address}"), ("H2C_PORT", $"{_http2.Port}")));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
