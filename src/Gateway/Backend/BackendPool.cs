using System.Net.Sockets;
using FathomGateway.Tcp;

namespace FathomGateway.Backend;

/// <summary>The connections to one server. Those that wait for their next request are few and wait for seconds; their number has no limit of its own.</summary>
internal sealed class BackendPool : IDisposable
{
    /// <summary>Between two looks at idle connections.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Sweeps between two looks at the connections in use: whether their peers have vanished is known after 45 s.</summary>
    private const int SweepsPerLook = 15;

    private readonly Lock _gate = new();
    private readonly List<BackendConnection> _idle = [];
    private readonly HashSet<BackendConnection> _open = [];
    private readonly TimeProvider _time;
    private readonly bool _inline;
    private readonly Func<Socket, IDisposable>? _onConnected;
    private readonly ITimer _timer;
    private int _sweeps;
    private bool _disposed;

    /// <param name="inline">Whether completions run on the threads that wait for sockets: for the path of forwarded requests only.</param>
    /// <param name="onConnected">See <see cref="BackendPools.OnConnected"/>.</param>
    public BackendPool(BackendAddress address, TimeProvider time, bool inline, Func<Socket, IDisposable>? onConnected = null)
    {
        (Address, _time, _inline, _onConnected) = (address, time, inline, onConnected);
        _timer = time.CreateTimer(static pool => ((BackendPool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BackendAddress Address { get; }

    /// <summary>An idle connection on which nothing has come since its last response, or null. The one that was used last comes first.</summary>
    public BackendConnection? TryTake()
    {
        var now = _time.GetTimestamp();
        while (true)
        {
            BackendConnection? connection = null;
            lock (_gate)
            {
                var index = _idle.FindLastIndex(one => one.Usable.From <= now);
                if (index >= 0)
                {
                    connection = _idle[index];
                    _idle.RemoveAt(index);
                }
            }

            if (connection is null || (connection.Usable.Until > now && connection.IsQuiet)) return connection;
            connection.Dispose();
        }
    }

    /// <summary>Opens a connection.</summary>
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

    /// <summary>Takes a connection back whose response has ended where its framing said; closes it where it cannot be used again.</summary>
    /// <param name="rests">Whether the response had no body by its method or status.</param>
    public void Return(BackendConnection connection, bool rests)
    {
        var now = _time.GetTimestamp();
        var isClean = !connection.IsClosed && connection.Head.KeepsConnection && !connection.HasLeftover;
        if (isClean && _time.GetElapsedTime(connection.Opened, now) < KeepAlivePolicy.Lifetime)
        {
            connection.End();
            connection.Usable = (rests ? now + Ticks(KeepAlivePolicy.RestAfterBodiless) : now, now + Ticks(KeepAlivePolicy.IdleLimit(connection.Head)));
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

    /// <summary>Called by a connection that is closed.</summary>
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
            if (++_sweeps % SweepsPerLook == 0) inUse = [.. _open.Except(_idle).Except(ended)];
        }

        foreach (var connection in ended) connection.Dispose();
        foreach (var connection in inUse.Where(one => one.PeerHasVanished)) connection.Abort();
    }
}
