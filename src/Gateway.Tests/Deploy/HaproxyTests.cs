using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>deploy/haproxy.cfg, really run.</summary>
public sealed class HaproxyTests
{
    [Fact]
    public async Task HAProxy_accepts_haproxy_cfg()
    {
        var (exitCode, said) = await Installed.RunAsync("haproxy", "-c", "-f", "deploy/haproxy.cfg");

        Assert.True(exitCode == 0, said);
        Assert.DoesNotContain("[WARNING]", said, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_request_through_HAProxy_reaches_the_backend_with_the_clients_fields()
    {
        Installed.Need("haproxy");
        await using var backend = RecordingBackend.Start();
        await using var front = await HaproxyInFront.StartAsync(replicas: 1, backend.Address);

        var answer = await RawClient.ExchangeAsync(
            front.Address,
            $"GET /a/../b?x=%7e HTTP/1.1\r\nHost: {front.Address.Authority}\r\nX-oDd-CaSe: Kept\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, answer.Status);
        var fields = backend.Requests[^1].Head.Text;
        Assert.Contains("X-oDd-CaSe: Kept", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Forwarded-For", fields, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Any_one_of_three_gateways_behind_HAProxy_serves_alone_and_restarted_ones_are_used_again()
    {
        Installed.Need("haproxy");
        await using var backend = RecordingBackend.Start();
        await using var front = await HaproxyInFront.StartAsync(replicas: 3, backend.Address);

        Assert.Equal(0, await front.StopAsync(0));
        front.Kill(1);
        await front.BecomesReachableAsync();

        await front.StartAsync(0);
        front.Kill(2);
        await front.BecomesReachableAsync();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_stream_passes_HAProxy_piece_by_piece()
    {
        Installed.Need("haproxy");
        await using var backend = RecordingBackend.Start();
        await using var front = await HaproxyInFront.StartAsync(replicas: 1, backend.Address);
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            await read.Task.WaitAsync(exchange.ServerEnds);
            await exchange.SendAsync("data: 2\n\n");
            exchange.Close();
        });

        await using var stream = await front.Client.GetStreamAsync("events");
        using var lines = new StreamReader(stream);
        Assert.Equal("data: 1", await lines.ReadLineAsync());
        read.SetResult(); // the second piece exists only once the first has arrived
        Assert.Equal("\ndata: 2\n\n", await lines.ReadToEndAsync());
    }
}
