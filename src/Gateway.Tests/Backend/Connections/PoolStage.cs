using System.Net;
using System.Net.Sockets;
using FathomGateway.Backend;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A pool of real connections over loopback, with a clock that a test moves, and the server's end of each of them.</summary>
internal sealed class PoolStage : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _peers = [];

    public PoolStage()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Pool = new BackendPool(new BackendAddress(new Uri($"http://{_listener.LocalEndPoint}/")), Clock, inline: false);
    }

    public FakeTimeProvider Clock { get; } = new();

    public BackendPool Pool { get; }

    /// <summary>A new connection and its other end.</summary>
    public async Task<(BackendConnection Connection, Socket Peer)> OpenAsync()
    {
        var connection = await Pool.ConnectAsync(TestContext.Current.CancellationToken);
        var peer = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        _peers.Add(peer);
        return (connection, peer);
    }

    /// <summary>A connection that waits for its next exchange.</summary>
    public async Task<(BackendConnection Connection, Socket Peer)> OpenIdleAsync(bool hadNoBody = false)
    {
        var opened = await OpenAsync();
        Pool.Return(opened.Connection, hadNoBody);
        return opened;
    }

    /// <summary>What the server does is noticed: something can be read.</summary>
    public static Task IsNoticedAsync(BackendConnection connection) =>
        Eventually.BecomesTrueAsync(() => !connection.HasNothingToRead, Limit, "the connection is not quiet");

    /// <summary>The gateway's side of the connection is closed.</summary>
    public static async Task IsClosedAsync(Socket peer)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Assert.Equal(0, await peer.ReceiveAsync(new byte[1], limit.Token));
        }
        catch (SocketException)
        {
            // Closed while bytes lay there: a reset.
        }
    }

    /// <summary>The gateway's side of the connection is open.</summary>
    public static bool IsOpen(Socket peer) => !peer.Poll(0, SelectMode.SelectRead);

    public void Dispose()
    {
        Pool.Dispose();
        foreach (var peer in _peers) peer.Dispose();
        _listener.Dispose();
    }
}
