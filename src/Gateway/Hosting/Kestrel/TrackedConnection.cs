using System.IO.Pipelines;
using System.Net;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// A connection that says when its socket is closed, and is otherwise the one that it stands for. Kestrel is done with a connection before that: what a client
/// that has stopped reading was sent last may lie in the socket for as long as it likes.
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
    /// The transport says that a connection is closed when the client has ended its bytes, and Kestrel then sends nothing any more. An upgraded
    /// connection has two halves: the client of one may still receive.
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
