namespace FathomGateway.Limits.Connections;

/// <summary>The numbers of the <see cref="ConnectionBudget"/>. Each is written by many threads, with one atomic addition.</summary>
internal sealed class ConnectionCounts
{
    /// <summary>
    /// Connections that are aborted and whose descriptors the kernel has yet to give back. The reserve of descriptors has room for so many.
    /// </summary>
    private const int MostClosing = 32;

    private int _open;
    private int _closing;
    private long _charged;
    private long _closingMemory;

    /// <summary>Open connections.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Open connections, but for those whose descriptors are about to be given back.</summary>
    public int Staying => Open - Math.Min(Volatile.Read(ref _closing), MostClosing);

    /// <summary>Bytes that are charged, but for those of connections that are being closed.</summary>
    public long Memory => Volatile.Read(ref _charged) - Volatile.Read(ref _closingMemory);

    public void AddOpen(int connections) => Interlocked.Add(ref _open, connections);

    public void Charge(long memory) => Interlocked.Add(ref _charged, memory);

    /// <param name="memory">What a connection that is being closed holds.</param>
    public void BeginClosing(long memory)
    {
        Interlocked.Increment(ref _closing);
        Interlocked.Add(ref _closingMemory, memory);
    }

    /// <param name="memory">What <see cref="BeginClosing"/> was told.</param>
    public void EndClosing(long memory)
    {
        Interlocked.Decrement(ref _closing);
        Interlocked.Add(ref _closingMemory, -memory);
    }
}
