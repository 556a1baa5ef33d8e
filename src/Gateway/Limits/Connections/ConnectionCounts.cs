namespace FathomGateway.Limits.Connections;

/// <summary>The counters of the <see cref="ConnectionBudget"/>, updated by many threads with one atomic addition each.</summary>
internal sealed class ConnectionCounts
{
    /// <summary>
    /// Aborted connections whose descriptors the kernel has not returned yet. The reserve of descriptors has room for this many.
    /// </summary>
    private const int MaxClosing = 32;

    private int _open;
    private int _closing;
    private long _charged;
    private long _closingMemory;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Open connections without those whose descriptors are about to be returned.</summary>
    public int OpenWithoutClosing => Open - Math.Min(Volatile.Read(ref _closing), MaxClosing);

    /// <summary>Charged bytes without those of closing connections.</summary>
    public long Memory => Volatile.Read(ref _charged) - Volatile.Read(ref _closingMemory);

    /// <summary>Bytes of closing connections. They are free once the server has left its loop for each.</summary>
    public long ClosingMemory => Volatile.Read(ref _closingMemory);

    public void AddOpen(int connections) => Interlocked.Add(ref _open, connections);

    public void Charge(long memory) => Interlocked.Add(ref _charged, memory);

    /// <param name="memory">Bytes of the closing connection.</param>
    public void BeginClosing(long memory)
    {
        Interlocked.Increment(ref _closing);
        Interlocked.Add(ref _closingMemory, memory);
    }

    /// <param name="memory">The argument of <see cref="BeginClosing"/>.</param>
    public void EndClosing(long memory)
    {
        Interlocked.Decrement(ref _closing);
        Interlocked.Add(ref _closingMemory, -memory);
    }
}
