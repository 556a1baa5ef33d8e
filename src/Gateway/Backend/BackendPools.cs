using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;

namespace FathomGateway.Backend;

/// <summary>One connection pool per address.</summary>
/// <param name="inline">See <see cref="BackendPool"/>.</param>
internal sealed class BackendPools(TimeProvider time, bool inline) : IDisposable
{
    private readonly ConcurrentDictionary<string, BackendPool> _pools = new(StringComparer.Ordinal);

    /// <summary>Versions of TLS; <see cref="SslProtocols.None"/> leaves the choice to the system.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>Whether certificates are accepted without verification.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>
    /// Called with each new connection before anything is sent on it. The result is disposed when the connection closes. It must not throw,
    /// also where the peer has already reset the connection, because nothing owns the connection yet.
    /// </summary>
    public Func<Socket, IDisposable>? OnConnected { get; init; }

    public BackendPool Of(string address) => _pools.TryGetValue(address, out var pool) ? pool : Add(address);

    public void Dispose()
    {
        foreach (var pool in _pools.Values) pool.Dispose();
    }

    private BackendPool Add(string address)
    {
        var made = new BackendPool(new BackendAddress(new Uri(address), Protocols, AcceptsAnyCertificate), time, inline, OnConnected);
        var pool = _pools.GetOrAdd(address, made);
        if (pool != made) made.Dispose();
        return pool;
    }
}
