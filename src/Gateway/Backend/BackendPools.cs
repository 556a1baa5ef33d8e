using System.Collections.Concurrent;
using System.Security.Authentication;

namespace FathomGateway.Backend;

/// <summary>A pool of connections for each address.</summary>
/// <param name="inline">See <see cref="BackendPool"/>.</param>
internal sealed class BackendPools(
    TimeProvider time, bool inline, SslProtocols protocols = SslProtocols.None, bool acceptsAnyCertificate = false) : IDisposable
{
    private readonly ConcurrentDictionary<string, BackendPool> _pools = new(StringComparer.Ordinal);

    public BackendPool Of(string address) => _pools.TryGetValue(address, out var pool) ? pool : Add(address);

    public void Dispose()
    {
        foreach (var pool in _pools.Values) pool.Dispose();
    }

    private BackendPool Add(string address)
    {
        var made = new BackendPool(new BackendAddress(new Uri(address), protocols, acceptsAnyCertificate), time, inline);
        var pool = _pools.GetOrAdd(address, made);
        if (pool != made) made.Dispose();
        return pool;
    }
}
