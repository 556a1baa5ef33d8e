using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Hosting;

/// <summary>
/// The server's buffers. Its own are 4 kB, so that each 4 kB of an upload is a read from the socket, a step through the proxy and a write of its own;
/// with larger ones it takes what has arrived in one go.
/// </summary>
/// <param name="mostRoomy">Bytes in large buffers at once; beyond them there are small ones, so that a crowd that sends a byte each and waits does not use up the memory.</param>
internal sealed class RoomyMemoryPool(long mostRoomy) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a buffer: what a socket holds ready. Idle connections hold none.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>The server's own.</summary>
    private const int SmallBlockSize = 4 * 1024;

    private long _rented;

    /// <summary>A quarter of the memory that the process may have.</summary>
    public RoomyMemoryPool()
        : this(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)
    {
    }

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        new Block(this, Math.Max(minBufferSize, Volatile.Read(ref _rented) < mostRoomy ? BlockSize : SmallBlockSize));

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>The arrays are the runtime's, shared by everybody: there is nothing to give back.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private readonly RoomyMemoryPool _pool;
        private byte[]? _array;

        public Block(RoomyMemoryPool pool, int size)
        {
            (_pool, _array) = (pool, ArrayPool<byte>.Shared.Rent(size));
            Interlocked.Add(ref pool._rented, _array.Length);
        }

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is not { } array) return;
            Interlocked.Add(ref _pool._rented, -array.Length);
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
