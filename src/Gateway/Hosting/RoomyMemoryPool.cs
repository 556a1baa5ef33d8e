using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Hosting;

/// <summary>
/// The server's buffers. Its own are 4 kB, so that each 4 kB of an upload is a read from the socket, a step through the proxy and a write of its own;
/// with larger ones it takes what has arrived in one go.
/// </summary>
internal sealed class RoomyMemoryPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a buffer: what a socket holds ready. Idle connections hold none.</summary>
    private const int BlockSize = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>The arrays are the runtime's, shared by everybody: there is nothing to give back.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
