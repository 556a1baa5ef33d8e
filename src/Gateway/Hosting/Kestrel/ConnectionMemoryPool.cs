using System.Buffers;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// The server's buffers as one connection rents them: bodies, streams of HTTP/2 and TLS. They are charged to it, so that it can be told
/// which connection holds most.
/// </summary>
internal sealed class ConnectionMemoryPool(LargeBlockMemoryPool pool, ClientConnection connection) : MemoryPool<byte>, IMemoryPoolFeature
{
    public MemoryPool<byte> MemoryPool => this;

    public override int MaxBufferSize => pool.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => pool.Rent(minBufferSize, connection);

    protected override void Dispose(bool disposing)
    {
        // The buffers are the shared pool's.
    }
}
