using System.Buffers;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// The server's memory pool. Kestrel's own blocks have 4 kB, so that every 4 kB of an upload cost a socket read, a step through the proxy
/// and a write. With larger blocks one step moves all available data.
/// </summary>
/// <param name="budget">Charged with the rented memory.</param>
/// <param name="maxLargeBytes">Largest number of bytes in large blocks. Beyond it blocks are small, so that clients that send one byte
/// each and wait do not use up the memory.</param>
internal sealed class LargeBlockMemoryPool(ConnectionBudget budget, long maxLargeBytes) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a large block: a socket's default receive buffer. Idle connections hold none.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>Bytes of a small block, Kestrel's default.</summary>
    private const int SmallBlockSize = 4 * 1024;

    private long _rented;

    /// <summary>Allows half of the connections' memory in large blocks.</summary>
    public LargeBlockMemoryPool(ConnectionBudget budget)
        : this(budget, budget.Bounds.Memory / 2)
    {
    }

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Rent(minBufferSize, null);

    /// <param name="minBufferSize">-1 for any size.</param>
    /// <param name="connection">The connection that the block is for, or null where it is unknown.</param>
    public IMemoryOwner<byte> Rent(int minBufferSize, ClientConnection? connection)
    {
        var isLarge = Volatile.Read(ref _rented) < maxLargeBytes && !budget.IsMemoryScarce;
        return new Block(this, Math.Max(minBufferSize, isLarge ? BlockSize : SmallBlockSize), connection);
    }

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>The arrays belong to the runtime's shared pool, so there is nothing to return.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private readonly LargeBlockMemoryPool _pool;
        private readonly ClientConnection? _connection;
        private byte[]? _array;

        public Block(LargeBlockMemoryPool pool, int size, ClientConnection? connection)
        {
            (_pool, _array, _connection) = (pool, ArrayPool<byte>.Shared.Rent(size), connection);
            pool.Charge(_array.Length, connection);
        }

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is not { } array) return;
            _pool.Charge(-array.Length, _connection);
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Charge(int size, ClientConnection? connection)
    {
        Interlocked.Add(ref _rented, size);
        connection?.ChargeBuffer(size);
        budget.ChargeBuffer(size);
    }
}
