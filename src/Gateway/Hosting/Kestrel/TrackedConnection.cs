using System.IO.Pipelines;
using System.Net;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Wraps a connection and reports when its socket is closed. Kestrel is done with a connection earlier: data for a client that has stopped
/// reading may stay in the socket without a time limit.
/// </summary>
internal sealed class TrackedConnection : ConnectionContext
{
    private readonly ConnectionContext _connection;
    private readonly ClientConnection? _client;
    private readonly Action _closed;
    private readonly CancellationTokenSource _ended = new();
    private int _isClosed;

    /// <param name="client">Null on the internal listener.</param>
    /// <param name="closed">Called once, when the socket is closed.</param>
    public TrackedConnection(ConnectionContext connection, ClientConnection? client, Action closed)
    {
        (_connection, _client, _closed) = (connection, client, closed);
        ConnectionClosed = _ended.Token;
        connection.ConnectionClosed.UnsafeRegister(static one => ((TrackedConnection)one!).OnClientEnded(), this);
    }

    public override string ConnectionId
    {
        get => _connection.ConnectionId;
        set => _connection.ConnectionId = value;
    }

    public override IFeatureCollection Features => _connection.Features;

    public override IDictionary<object, object?> Items
    {
        get => _connection.Items;
        set => _connection.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => _connection.Transport;
        set => _connection.Transport = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _connection.LocalEndPoint;
        set => _connection.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _connection.RemoteEndPoint;
        set => _connection.RemoteEndPoint = value;
    }

    /// <summary>
    /// The transport cancels this token when the client has ended its data, and Kestrel then sends no more. On an upgraded connection a
    /// client that has ended its data may still receive.
    /// </summary>
    public override CancellationToken ConnectionClosed { get; set; }

    public override void Abort() => _connection.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => _connection.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync();
            await base.DisposeAsync();
        }
        finally
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0) _closed();
        }
    }

    private void OnClientEnded()
    {
        if (_client is { IsHalfOpen: true }) return;
        _ended.Cancel();
        _client?.OnEnded();
    }
}
