using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class FaultProxyTests : IAsyncLifetime
{
    private const string Get = "GET /seen HTTP/1.1\r\nHost: h\r\n\r\n";

    private readonly RecordingBackend _server = RecordingBackend.Start();
    private FaultProxy _proxy = null!;
    private Uri _address = null!;

    [Fact]
    public async Task A_reset_by_the_fault_proxy_reaches_the_client_and_the_next_connection_works()
    {
        await using var client = await RawClient.ConnectAsync(_address);
        await client.SendAsync("GET");
        await _proxy.ToServer.SeesAsync("GET");

        _proxy.Reset();

        var fault = await Assert.ThrowsAsync<IOException>(client.ReadSomeAsync);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode);
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
    }

    [Fact]
    public async Task A_fault_proxy_refuses_new_connections_and_accepts_them_again()
    {
        await using var open = await RawClient.ConnectAsync(_address);
        await Eventually.BecomesTrueAsync(() => _proxy.Connections == 1, TimeSpan.FromSeconds(30), "the connection is passed on");
        _proxy.RefuseNew();
        await Assert.ThrowsAnyAsync<SocketException>(() => RawClient.ConnectAsync(_address));
        await open.SendAsync(Get);
        Assert.Equal("backend", (await open.ReadResponseAsync()).BodyText);

        _proxy.AcceptNew();
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
    }

    [Fact]
    public async Task A_connection_in_a_black_hole_stays_dead_and_a_new_one_works_after_Heal()
    {
        await using var before = await RawClient.ConnectAsync(_address);
        await Eventually.BecomesTrueAsync(() => _proxy.Connections == 1, TimeSpan.FromSeconds(30), "the connection is passed on");
        _proxy.BlackHole();
        await using var during = await RawClient.ConnectAsync(_address);
        await before.SendAsync(Get);
        await during.SendAsync(Get);
        await _proxy.ToServer.SeesAsync("/seen", times: 2);

        _proxy.Heal();
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_address, Get)).BodyText);
        Assert.Equal(1, _proxy.FromServer.Seen("backend"));
        Assert.True(_proxy.Connections >= 2, "the dead connections are still open");
    }

    [Fact]
    public async Task A_fault_proxy_without_its_server_breaks_connections()
    {
        await using var nowhere = FaultProxy.Start(FreePort.Next());

        // The reset may come before or after the client has seen itself connected.
        var fault = await Record.ExceptionAsync(() => RawClient.ExchangeAsync(new Uri($"http://127.0.0.1:{nowhere.Port}/"), Get));
        Assert.True(fault is IOException or SocketException, $"{fault}");
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
