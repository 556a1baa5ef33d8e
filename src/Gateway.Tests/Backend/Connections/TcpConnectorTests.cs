using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FathomGateway.Backend;
using FathomGateway.Tcp;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Connecting to several addresses: which attempt is used, and that the others are closed.</summary>
public sealed class TcpConnectorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly IPAddress First = IPAddress.Parse("127.0.0.2"), Second = IPAddress.Parse("127.0.0.3"),
        Third = IPAddress.Loopback;

    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_that_refuse_are_skipped_B7()
    {
        using var listener = Listen(Third);

        using var socket = await TcpConnector.ConnectAsync([First, Second, Third], Port(listener), _end).WaitAsync(Limit, _end);

        Assert.Equal(listener.LocalEndPoint, socket.RemoteEndPoint);
        Assert.True(socket.NoDelay);
    }

    [Fact]
    public async Task A_refusal_by_all_addresses_is_reported_as_refused_B7()
    {
        var port = FreePort.Next();
        foreach (var addresses in new[] { [First], new[] { First, Second, Third } })
        {
            var connecting = TcpConnector.ConnectAsync(addresses, port, _end);
            var failure = await Assert.ThrowsAsync<SocketException>(() => connecting.WaitAsync(Limit, _end));

            Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
            Assert.Equal(BackendFailure.Connect, BackendException.OfConnect(failure).Failure);
        }
    }

    [Fact]
    public async Task A_name_without_addresses_is_not_found_B7()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(() => TcpConnector.ConnectAsync([], 80, _end));

        Assert.Equal(BackendFailure.Name, BackendException.OfConnect(failure).Failure);
    }

    [Fact]
    public async Task An_address_in_place_of_a_name_is_not_resolved_B7()
    {
        using var listener = Listen(First);

        using var socket = await TcpConnector.ConnectAsync($"{First}", Port(listener), _end).WaitAsync(Limit, _end);

        Assert.Equal(listener.LocalEndPoint, socket.RemoteEndPoint);
    }

    [Fact]
    public async Task Connection_attempts_that_lose_the_race_are_cancelled_B7()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the connections that are being opened.");
        using var listener = Listen(Third);
        using var silent = await SilentPort.OpenAsync(new IPEndPoint(First, Port(listener)));
        var before = Opening(First, Port(listener));

        using var socket = await TcpConnector.ConnectAsync([First, Third], Port(listener), _end).WaitAsync(Limit, _end);

        Assert.Equal(listener.LocalEndPoint, socket.RemoteEndPoint);
        await Eventually.BecomesTrueAsync(() => Opening(First, Port(listener)) <= before, Limit, "the attempt that lost is given up");
    }

    [Fact]
    public async Task A_cancelled_connect_leaves_no_connection_attempt_behind_B7()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the connections that are being opened.");
        var port = FreePort.Next();
        using var one = await SilentPort.OpenAsync(new IPEndPoint(First, port));
        using var other = await SilentPort.OpenAsync(new IPEndPoint(Second, port));
        var before = Opening(First, port) + Opening(Second, port);
        foreach (var addresses in new[] { [First], new[] { First, Second } })
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_end);
            var connecting = TcpConnector.ConnectAsync(addresses, port, cancel.Token);
            int Under() => Opening(First, port) + Opening(Second, port);
            await Eventually.BecomesTrueAsync(() => Under() >= before + addresses.Length, Limit, "all attempts are under way");

            await cancel.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Limit, _end));
            await Eventually.BecomesTrueAsync(() => Opening(First, port) + Opening(Second, port) <= before, Limit, "no attempt is left");
        }
    }

    private static Socket Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        return listener;
    }

    private static int Port(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>Connections to an address of IPv4 whose SYN is not answered yet (proc(5), <c>/proc/net/tcp</c>).</summary>
    private static int Opening(IPAddress address, int port)
    {
        const string SynSent = "02";
        var remote = string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(address.GetAddressBytes()):X8}:{port:X4}");
        return File.ReadLines("/proc/self/net/tcp").Count(
            line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var to, SynSent, ..] && to == remote);
    }
}
