using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class FaultDirectionTests : IAsyncLifetime
{
    private const string Get = "GET /seen HTTP/1.1\r\nHost: h\r\n\r\n";

    private readonly RecordingBackend _server = RecordingBackend.Start();
    private FaultProxy _proxy = null!;
    private Uri _address = null!;

    [Fact]
    public async Task A_fault_proxy_without_a_fault_passes_all_bytes_on()
    {
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
        Assert.Equal((1, 1, 0), (_proxy.ToServer.Seen("/seen"), _proxy.FromServer.Seen("backend"), _proxy.ToServer.Seen("backend")));
    }

    [Fact]
    public async Task A_response_held_by_the_fault_proxy_arrives_once_released()
    {
        _proxy.FromServer.Hold();
        _proxy.FromServer.Hold();
        var answer = RawClient.ExchangeAsync(_address, Get);
        await _proxy.ToServer.SeesAsync("/seen");
        await _proxy.FromServer.SeesAsync("backend");
        Assert.False(answer.IsCompleted);

        _proxy.FromServer.Release();
        Assert.Equal("backend", (await answer).BodyText);
    }

    [Fact]
    public async Task A_request_held_by_the_fault_proxy_does_not_arrive()
    {
        _proxy.ToServer.Hold();
        var answer = RawClient.ExchangeAsync(_address, Get);
        await _proxy.ToServer.SeesAsync("/seen");
        Assert.Equal((0, false), (_proxy.FromServer.Seen("HTTP"), answer.IsCompleted));

        _proxy.ToServer.Release();
        Assert.Equal("backend", (await answer).BodyText);
    }

    [Fact]
    public async Task A_fault_proxy_cuts_a_connection_after_a_number_of_bytes_once()
    {
        _proxy.FromServer.CutAfter(5);
        await using var client = await RawClient.ConnectAsync(_address);
        await client.SendAsync(Get);

        var received = "";
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true) received += Encoding.Latin1.GetString(await client.ReadSomeAsync());
        });
        // A reset may overtake what was sent before it.
        Assert.StartsWith(received, "HTTP/", StringComparison.Ordinal);
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
    }

    [Fact]
    public async Task A_fault_proxy_cuts_a_connection_before_a_text_once()
    {
        _proxy.FromServer.CutBefore("backend");

        await Assert.ThrowsAsync<IOException>(() => RawClient.ExchangeAsync(_address, Get));
        Assert.Equal(1, _server.Connections);
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
    }

    [Fact]
    public async Task A_fault_proxy_that_drips_loses_no_bytes()
    {
        _proxy.FromServer.Drip = TimeSpan.FromMilliseconds(1);
        _proxy.ToServer.Latency = TimeSpan.FromMilliseconds(10);

        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
    }

    public ValueTask InitializeAsync()
    {
        _proxy = FaultProxy.Start(_server.Address.Port);
        _address = new Uri($"http://127.0.0.1:{_proxy.Port}/");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
