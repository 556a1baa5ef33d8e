using System.Net.Sockets;
using FathomGateway.Tcp;

namespace FathomGateway.Backend;

/// <summary>
/// The connections to one server. Idle connections are few and live for seconds, so their number has no limit of its own.
/// </summary>
internal sealed class BackendPool : IDisposable
{
    /// <summary>Interval of the check of idle connections.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sweeps between two checks for vanished peers among the connections in use. TCP knows of a vanished peer after 45 s.
    /// </summary>
    private const int SweepsPerPeerCheck = 15;

    private readonly Lock _gate = new();
    private readonly List<BackendConnection> _idle = [];
    private readonly HashSet<BackendConnection> _open = [];
    private readonly TimeProvider _time;
    private readonly bool _inline;
    private readonly Func<Socket, IDisposable>? _onConnected;
    private readonly ITimer _timer;
    private int _sweeps;
    private bool _disposed;

    /// <param name="inline">Whether completions run inline on the socket threads. Only for forwarded requests.</param>
    /// <param name="onConnected">See <see cref="BackendPools.OnConnected"/>.</param>
    public BackendPool(BackendAddress address, TimeProvider time, bool inline, Func<Socket, IDisposable>? onConnected = null)
    {
        (Address, _time, _inline, _onConnected) = (address, time, inline, onConnected);
        _timer = time.CreateTimer(static pool => ((BackendPool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BackendAddress Address { get; }

    /// <summary>The most recently used idle connection that has received nothing since its last response, or null.</summary>
    public BackendConnection? TryTake()
    {
        var now = _time.GetTimestamp();
        while (true)
        {
            BackendConnection? connection = null;
            lock (_gate)
            {
                // No FindLastIndex: its lambda would allocate a closure for each proxied request.
                var index = _idle.Count - 1;
                while (index >= 0 && _idle[index].Usable.From > now) index--;
                if (index >= 0)
                {
                    connection = _idle[index];
                    _idle.RemoveAt(index);
                }
            }

            if (connection is null || (connection.Usable.Until > now && connection.HasNothingToRead)) return connection;
            connection.Dispose();
        }
    }

    /// <exception cref="BackendException">The name, the address or TLS has failed, or it took too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by <paramref name="cancel"/>.</exception>
    public async Task<BackendConnection> ConnectAsync(CancellationToken cancel)
    {
        var (socket, stream) = await Address.ConnectAsync(cancel);
        if (_inline) InlineCompletions.Enable(socket);
        var connection = new BackendConnection(socket, stream, this, _time.GetTimestamp(), _onConnected?.Invoke(socket));
        lock (_gate)
        {
            if (!_disposed)
            {
                if (_open.Add(connection) && _open.Count == 1) _timer.Change(SweepPeriod, SweepPeriod);
                return connection;
            }
        }

        connection.Dispose();
        throw new ObjectDisposedException(nameof(BackendPool));
    }

    /// <summary>Takes back a connection whose response has ended at its framing. Closes it where it cannot be reused.</summary>
    /// <param name="hadNoBody">Whether the response had no body because of its method or status.</param>
    public void Return(BackendConnection connection, bool hadNoBody)
    {
        var now = _time.GetTimestamp();
        var isClean = !connection.IsClosed && connection.Head.KeepsConnection && !connection.HasLeftover;
        if (isClean && _time.GetElapsedTime(connection.Opened, now) < KeepAlivePolicy.Lifetime)
        {
            connection.End();
            var usableFrom = hadNoBody ? now + Ticks(KeepAlivePolicy.PauseAfterNoBody) : now;
            connection.Usable = (usableFrom, now + Ticks(KeepAlivePolicy.IdleLimit(connection.Head)));
            lock (_gate)
            {
                if (!_disposed)
                {
                    _idle.Add(connection);
                    return;
                }
            }
        }

        connection.Dispose();
    }

    /// <summary>Called by a connection that closes.</summary>
    public void Forget(BackendConnection connection)
    {
        lock (_gate)
        {
            _open.Remove(connection);
            _idle.Remove(connection);
            if (_open.Count == 0 && !_disposed) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        BackendConnection[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _open];
        }

        _timer.Dispose();
        foreach (var connection in open) connection.Abort();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        BackendConnection[] ended;
        BackendConnection[] inUse = [];
        lock (_gate)
        {
            ended = [.. _idle.Where(one => one.Usable.Until <= now)];
            _idle.RemoveAll(one => one.Usable.Until <= now);
            if (++_sweeps % SweepsPerPeerCheck == 0) inUse = [.. _open.Except(_idle).Except(ended)];
        }

        foreach (var connection in ended) connection.Dispose();
        foreach (var connection in inUse.Where(one => one.PeerHasVanished)) connection.Abort();
    }
}
