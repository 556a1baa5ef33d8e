using System.Buffers;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// The memory pool of one connection, for bodies, HTTP/2 streams and TLS. Charges each buffer to its connection, so that the connection
/// with the most memory can be found.
/// </summary>
internal sealed class ConnectionMemoryPool(LargeBlockMemoryPool pool, ClientConnection connection) : MemoryPool<byte>, IMemoryPoolFeature
{
    public MemoryPool<byte> MemoryPool => this;

    public override int MaxBufferSize => pool.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => pool.Rent(minBufferSize, connection);

    protected override void Dispose(bool disposing)
    {
        // The buffers belong to the shared pool.
    }
}
