using System.Net;
using System.Net.Sockets;
using FathomGateway.Proxy.Loops;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FathomGateway.Tests.Proxy;

public sealed class LoopDetectionTests
{
    private readonly LoopDetection _detection = new();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    // A listener for both families shows addresses of IPv4 in the form of IPv6.
    [InlineData("::", "127.0.0.1")]
    public async Task The_loop_detection_knows_the_other_end_of_an_own_connection_until_it_is_closed(string listens, string connects)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(listens), 0));
        listener.Listen();
        using var own = await ConnectAsync(listener, connects);
        using var accepted = await listener.AcceptAsync();
        using var others = await ConnectAsync(listener, connects);
        using var acceptedOfOthers = await listener.AcceptAsync();

        using (_detection.Register(own))
        {
            Assert.True(_detection.IsOwn(Seen(accepted)));
            Assert.False(_detection.IsOwn(Seen(acceptedOfOthers)));
        }

        Assert.False(_detection.IsOwn(Seen(accepted)));
    }

    /// <summary>The system gives one port to several connections, if they lead to different places.</summary>
    [Fact]
    public async Task A_client_that_only_has_the_port_of_an_own_connection_is_not_taken_for_it()
    {
        using var backend = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        backend.Start();
        gateway.Start();
        using var own = await ConnectAsync(backend.Server, "127.0.0.1");
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        client.Bind(own.LocalEndPoint!);
        await client.ConnectAsync(gateway.LocalEndpoint);
        using var accepted = await gateway.AcceptSocketAsync();

        using var registration = _detection.Register(own);
        Assert.False(_detection.IsOwn(Seen(accepted)));
    }

    [Fact]
    public void A_closed_socket_or_a_connection_without_an_address_is_no_own_connection()
    {
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _detection.Register(closed).Dispose();

        Assert.False(_detection.IsOwn(new DefaultHttpContext().Connection));
    }

    [Fact]
    public async Task A_connection_that_its_peer_has_reset_is_registered_without_an_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var reset = await ConnectAsync(listener.Server, "127.0.0.1");
        using (var accepted = await listener.AcceptSocketAsync()) accepted.LingerState = new LingerOption(true, 0);
        Assert.True(reset.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));

        _detection.Register(reset).Dispose();
    }

    private static async Task<Socket> ConnectAsync(Socket listener, string address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(IPAddress.Parse(address), ((IPEndPoint)listener.LocalEndPoint!).Port);
        return socket;
    }

    private static ConnectionInfo Seen(Socket accepted)
    {
        var (remote, local) = ((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!);
        var seen = new DefaultHttpContext().Connection;
        (seen.RemoteIpAddress, seen.RemotePort, seen.LocalIpAddress, seen.LocalPort) = (remote.Address, remote.Port, local.Address,
            local.Port);
        return seen;
    }
}
