using System.Net;
using FathomGateway.Proxy.Loops;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Proxy;

public sealed class LoopProbeTests : IDisposable
{
    private const int Many = 128;

    private readonly FakeTimeProvider _clock = new();
    private readonly CapturedLog _log = new();
    private readonly List<string> _sent = [];
    private readonly LoggerFactory _logs;
    private readonly LoopProbe _probe;
    private readonly TaskCompletionSource _answer = new();

    public LoopProbeTests()
    {
        _logs = new LoggerFactory([_log]);
        _probe = New(hostFromClient: false);
    }

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task A_loop_probe_is_sent_at_many_requests_under_way_and_at_doublings_and_once_a_minute()
    {
        Begin(Many - 1);
        Assert.Empty(_sent);
        Begin(1);
        await SentAsync(1);
        for (var i = 0; i < 10; i++)
        {
            _probe.End();
            _probe.Begin();
        }

        Begin(Many);
        await SentAsync(2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _probe.End();
        _probe.Begin();
        await SentAsync(3);
        Assert.Equal(3, _sent.Distinct().Count());
    }

    [Fact]
    public async Task A_request_that_comes_in_as_the_loop_probe_did_is_a_loop_for_ten_seconds()
    {
        Begin(Many);
        await SentAsync(1);
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway")));

        Assert.True(_probe.IsLoop(Request("10.0.0.1", "gateway", _sent[0])));
        Assert.True(_probe.IsLoop(Request("10.0.0.1", "gateway")));
        Assert.True(_probe.IsLoop(Request("::ffff:10.0.0.1", "gateway")));
        Assert.False(_probe.IsLoop(Request("10.0.0.2", "gateway")));
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "other")));
        Assert.Single(_log.Complaints);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway")));
        await SentAsync(2);
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway")));
        Assert.True(_probe.IsLoop(Request("10.0.0.1", "gateway", _sent[1])));
        Assert.True(_probe.IsLoop(Request("10.0.0.1", "gateway")));
    }

    [Fact]
    public async Task A_probe_number_that_was_not_sent_or_has_ended_finds_no_loop()
    {
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway", "made-up")));
        Begin(Many);
        await SentAsync(1);
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway", "made-up")));

        _answer.SetResult();
        await Eventually.BecomesTrueAsync(() =>
            !_probe.IsLoop(Request("10.0.0.1", "gateway", _sent[0])), TimeSpan.FromSeconds(20), "the probe has ended");
    }

    [Fact]
    public async Task A_backend_that_cannot_be_probed_is_no_loop()
    {
        Begin(Many);
        await SentAsync(1);
        _answer.SetException(new HttpRequestException("away"));

        await Eventually.BecomesTrueAsync(() => _log.Lines.Count > 0, TimeSpan.FromSeconds(20), "it is told at Debug");
        Assert.Empty(_log.Complaints);
        Assert.False(_probe.IsLoop(Request("10.0.0.1", "gateway")));
    }

    [Fact]
    public async Task A_loop_with_the_clients_Host_is_recognised_by_the_address_alone()
    {
        var probe = New(hostFromClient: true);
        Begin(Many, probe);
        await SentAsync(1);
        Assert.True(probe.IsLoop(Request("10.0.0.1", "backend", _sent[0])));

        Assert.True(probe.IsLoop(Request("10.0.0.1", "whatever")));
        Assert.False(probe.IsLoop(Request("10.0.0.2", "backend")));
    }

    private LoopProbe New(bool hostFromClient) => new(_clock, hostFromClient, SendAsync, _logs.CreateLogger<LoopProbe>());

    private void Begin(int count, LoopProbe? probe = null)
    {
        for (var i = 0; i < count; i++) (probe ?? _probe).Begin();
    }

    private Task SentAsync(int count) => Eventually.BecomesTrueAsync(
        () =>
        {
            lock (_sent) return _sent.Count == count;
        },
        TimeSpan.FromSeconds(20),
        $"{count} probes are sent");

    private Task SendAsync(string number, CancellationToken cancel)
    {
        lock (_sent) _sent.Add(number);
        return _answer.Task.WaitAsync(cancel);
    }

    private static DefaultHttpContext Request(string from, string host, string? number = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Host = new HostString(host);
        if (number is not null) context.Request.Headers[LoopProbe.FieldName] = number;
        return context;
    }
}
