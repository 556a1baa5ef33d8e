using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FathomGateway.Settings;

namespace FathomGateway.Proxy.Loops;

/// <summary>
/// Detects that the gateway is its own backend. Keeps the address pairs of the gateway's backend connections and compares accepted
/// connections with them: both ends of a TCP connection have the same four numbers. No field is added to a request. Address translation
/// changes the numbers; <see cref="LoopProbe"/> detects those loops.
/// </summary>
internal sealed class LoopDetection
{
    private readonly ConcurrentDictionary<Ends, bool> _connections = [];
    private int _count;

    /// <summary>
    /// Registers an open backend connection before anything is sent on it. Dispose the result when the connection closes.
    /// </summary>
    public IDisposable Register(Socket connection)
    {
        if (EndsOf(connection) is not { } ends) return Registration.None;
        // A connection to another machine cannot arrive at this gateway directly.
        if (!ends.Near.Equals(ends.Far) && !IPAddress.IsLoopback(ends.Far)) return Registration.None;
        if (_connections.TryAdd(ends, true)) Interlocked.Increment(ref _count);
        return new Registration(this, ends);
    }

    /// <summary>Whether the gateway itself opened the accepted connection.</summary>
    public bool IsOwn(ConnectionInfo accepted) =>
        Volatile.Read(ref _count) > 0
        && accepted is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && _connections.ContainsKey(new Ends(IPNetworks.Plain(remote), accepted.RemotePort, IPNetworks.Plain(local), accepted.LocalPort));

    /// <returns>Null where the connection has no addresses of IP, or where the peer has reset it already.</returns>
    private static Ends? EndsOf(Socket connection)
    {
        try
        {
            return (connection.LocalEndPoint, connection.RemoteEndPoint) is (IPEndPoint local, IPEndPoint remote)
                ? new Ends(IPNetworks.Plain(local.Address), local.Port, IPNetworks.Plain(remote.Address), remote.Port)
                : null;
        }
        catch (SocketException)
        {
            // The first operation on the connection reports the reset.
            return null;
        }
    }

    /// <summary>Both ends of a connection, from the view of the side that opened it.</summary>
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
