using System.Buffers;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// The server's buffers. Its own are 4 kB, so that each 4 kB of an upload is a read from the socket, a step through the proxy and a write
/// of its own; with larger ones it takes what has arrived in one go.
/// </summary>
/// <param name="ledger">Is charged with what is rented.</param>
/// <param name="mostRoomy">
/// Bytes in large buffers at once; beyond them there are small ones, so that a crowd that sends a byte each and waits does not use up the
/// memory.
/// </param>
internal sealed class LargeBlockMemoryPool(ConnectionBudget ledger, long mostRoomy) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a buffer: what a socket holds ready. Idle connections hold none.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>The server's own.</summary>
    private const int SmallBlockSize = 4 * 1024;

    private long _rented;

    /// <summary>Half of what connections may hold.</summary>
    public LargeBlockMemoryPool(ConnectionBudget ledger)
        : this(ledger, ledger.Bounds.Memory / 2)
    {
    }

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Rent(minBufferSize, null);

    /// <param name="minBufferSize">-1 for any size.</param>
    /// <param name="connection">The connection that the buffer is known to be for, or null.</param>
    public IMemoryOwner<byte> Rent(int minBufferSize, ClientConnection? connection)
    {
        var isRoomy = Volatile.Read(ref _rented) < mostRoomy && !ledger.IsMemoryScarce;
        return new Block(this, Math.Max(minBufferSize, isRoomy ? BlockSize : SmallBlockSize), connection);
    }

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>The arrays are the runtime's, shared by everybody: there is nothing to give back.</summary>
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
        ledger.ChargeBuffer(size);
    }
}
