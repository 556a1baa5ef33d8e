using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Exchanges that were cancelled: their connections are closed, and no others.</summary>
public sealed class Http11CancellationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _end = TestContext.Current.CancellationToken;
    private readonly TaskCompletionSource _received = new(), _ended = new();

    [Fact]
    public async Task A_request_cancelled_while_its_response_is_awaited_closes_its_connection_and_is_not_sent_again_B4()
    {
        await using var stage = new HandlerStage(exchange => SendAndSeeTheEndAsync(exchange, ""));
        using var cancel = new CancellationTokenSource();
        using var request = stage.Request();
        var sending = stage.SendAsync(request, cancel.Token);
        await _received.Task.WaitAsync(Limit, _end);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Limit, _end));
        await _ended.Task.WaitAsync(Limit, _end);
        // No second attempt: it was cancelled, and did not fail.
        Assert.Equal(1, stage.Server.Requests);
    }

    [Fact]
    public async Task A_read_of_a_response_body_that_is_cancelled_closes_its_connection_B4()
    {
        const string Half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
        await using var stage = new HandlerStage(exchange => SendAndSeeTheEndAsync(exchange, Half));
        using var cancel = new CancellationTokenSource();
        using var request = stage.Request();
        using var response = await stage.SendAsync(request, _end);
        await using var body = await response.Content.ReadAsStreamAsync(_end);
        var buffer = new byte[5];
        await body.ReadExactlyAsync(buffer, _end);
        var reading = body.ReadAsync(buffer, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Limit, _end));
        await _ended.Task.WaitAsync(Limit, _end);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("Content-Length: 5\r\n\r\nhello")]
    public async Task A_response_body_that_is_disposed_before_its_end_closes_its_connection_B4(string rest)
    {
        await using var stage = new HandlerStage(exchange => SendAndSeeTheEndAsync(exchange, $"HTTP/1.1 200 OK\r\n{rest}"));
        using var request = stage.Request();
        var response = await stage.SendAsync(request, _end);

        response.Dispose();

        await _ended.Task.WaitAsync(Limit, _end);
    }

    [Fact]
    public async Task A_response_body_that_is_disposed_while_it_is_read_ends_the_read_B4()
    {
        const string Nothing = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
        await using var stage = new HandlerStage(exchange => SendAndSeeTheEndAsync(exchange, Nothing));
        using var request = stage.Request();
        var response = await stage.SendAsync(request, _end);
        var reading = (await response.Content.ReadAsStreamAsync(_end)).ReadAsync(new byte[5], _end).AsTask();

        response.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Limit, _end));
        await _ended.Task.WaitAsync(Limit, _end);
    }

    [Fact]
    public async Task A_request_is_cancelled_while_its_connection_is_being_opened_B7()
    {
        var port = FreePort.Next();
        using var silent = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, port));
        await using var stage = new HandlerStage(ProxiedBackend.EchoOfTheTarget);
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/");
        var sending = stage.SendAsync(request, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Limit, _end));
    }

    [Fact]
    public async Task A_cancellation_after_the_end_of_a_response_leaves_its_connection_reusable_B4()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new CallbackClock();
        await using var stage = new HandlerStage(ProxiedBackend.EchoOfTheTarget, clock);
        using var request = stage.Request("GET", "first");
        using var response = await stage.SendAsync(request, _end);
        await using var body = await response.Content.ReadAsStreamAsync(_end);
        // The pool looks at the clock when it takes the connection back.
        clock.Asked = cancel.Cancel;

        await body.ReadExactlyAsync(new byte["/first".Length], cancel.Token);

        Assert.True(cancel.IsCancellationRequested);
        Assert.Equal("/second", await stage.GetAsync("second", "POST"));
        Assert.Equal(1, stage.Server.Connections);
    }

    private async Task SendAndSeeTheEndAsync(RawExchange exchange, string answer)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync(answer);
        _received.TrySetResult();
        await exchange.IsEndedByPeerAsync();
        _ended.TrySetResult();
        exchange.Close();
    }

    /// <summary>The machine's clock, which reports when it is first read.</summary>
    private sealed class CallbackClock : TimeProvider
    {
        private Action? _asked;

        public Action Asked
        {
            set => _asked = value;
        }

        public override long GetTimestamp()
        {
            Interlocked.Exchange(ref _asked, null)?.Invoke();
            return base.GetTimestamp();
        }
    }
}
