using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Proxy.Loops;

/// <summary>
/// Knows the gateway's own connections to the backend, so that an accepted connection that is the other end of one of them is found: the
/// gateway is its own backend. Exact, and without a field in any request: a connection has the same four numbers at both of its ends.
/// Where addresses are translated in between they differ, and <see cref="LoopProbe"/> finds the loop.
/// </summary>
internal sealed class LoopDetection
{
    private readonly ConcurrentDictionary<Ends, bool> _connections = [];
    private int _count;

    /// <summary>
    /// To be called when a connection to the backend is open, before anything is sent on it; disposed of when it is closed.
    /// </summary>
    public IDisposable Register(Socket connection)
    {
        if ((connection.LocalEndPoint, connection.RemoteEndPoint) is not (IPEndPoint local, IPEndPoint remote)) return Registration.None;
        var ends = new Ends(Plain(local.Address), local.Port, Plain(remote.Address), remote.Port);
        // A connection to another machine cannot come in here by itself.
        if (!ends.Near.Equals(ends.Far) && !IPAddress.IsLoopback(ends.Far)) return Registration.None;
        if (_connections.TryAdd(ends, true)) Interlocked.Increment(ref _count);
        return new Registration(this, ends);
    }

    /// <summary>Whether the gateway itself is at the other end of a connection that it has accepted.</summary>
    public bool IsOwn(ConnectionInfo accepted) =>
        Volatile.Read(ref _count) > 0
        && accepted is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && _connections.ContainsKey(new Ends(Plain(remote), accepted.RemotePort, Plain(local), accepted.LocalPort));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Both ends of a connection, as the one who opened it sees them.</summary>
    private readonly record struct Ends(IPAddress Near, int NearPort, IPAddress Far, int FarPort);

    private sealed class Registration(LoopDetection? owner, Ends ends) : IDisposable
    {
        public static readonly Registration None = new(null, default);

        public void Dispose()
        {
            if (owner?._connections.TryRemove(ends, out _) == true) Interlocked.Decrement(ref owner._count);
        }
    }
}
