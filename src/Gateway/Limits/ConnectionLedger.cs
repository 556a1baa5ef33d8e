namespace FathomGateway.Limits;

/// <summary>
/// What the connections of the whole process hold: decides whether one more connection or request is let in, and has others closed where that makes room.
/// </summary>
/// <remarks>A request costs two atomic additions here. Everything else happens at the bounds only.</remarks>
internal sealed class ConnectionLedger
{
    /// <summary>
    /// A connection whose requests hold this much, or more, is let in to half of the memory; one that holds nothing to all of it, and the others in proportion. So a crowd with
    /// heads of 31 kB, or with many streams, leaves room for ordinary requests. An ordinary browser's request is charged with 20 kB.
    /// </summary>
    private const long LargeConnection = 64 * 1024;

    /// <summary>Connections that are aborted and whose descriptors the kernel has yet to give back. The reserve of descriptors has room for so many.</summary>
    private const int MostClosing = 32;

    /// <summary>Room is made when fewer than a sixteenth of the connections are left, so that a burst finds some.</summary>
    private const int SpareShare = 16;

    private readonly OpenConnections _connections = new();
    private readonly Eviction _eviction;
    private readonly LimitEvents _events;
    private int _open;
    private int _closing;
    private long _charged;
    private long _closingMemory;

    public ConnectionLedger(ProcessBounds bounds, LimitEvents events)
    {
        (Bounds, _events) = (bounds, events);
        _eviction = new Eviction(_connections, Close);
    }

    public ProcessBounds Bounds { get; }

    /// <summary>Connections that are open, those of the internal listener included.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Bytes that are charged, but for those of connections that are being closed.</summary>
    public long Memory => Volatile.Read(ref _charged) - Volatile.Read(ref _closingMemory);

    /// <summary>Whether no more than a sixteenth is left of either.</summary>
    public bool IsNearlyFull => Open > Bounds.Connections - (Bounds.Connections / SpareShare) || Memory > Bounds.Memory - (Bounds.Memory / SpareShare);

    /// <summary>Whether buffers are to be small.</summary>
    public bool IsMemoryScarce => Memory > Bounds.Memory / 2;

    /// <summary>Whether the heap itself is full, whatever was charged: then only connections that hold little are let in.</summary>
    public bool IsHeapFull { get; set; }

    /// <summary>Counts a connection of the internal listener: it takes descriptors like any other, and is always let in.</summary>
    public void CountExempt() => Interlocked.Increment(ref _open);

    public void ForgetExempt() => Interlocked.Decrement(ref _open);

    /// <returns>False where there is no room: the connection is to be closed.</returns>
    public bool TryOpen(ClientConnection connection)
    {
        var open = Interlocked.Increment(ref _open);
        var isShort = open > Bounds.Connections - (Bounds.Connections / SpareShare) && _eviction.MakeRoom(0, descriptorsAreShort: true, Environment.TickCount64);
        if (isShort || open > Bounds.Connections) _events.DescriptorsAreShort();
        if (open - Math.Min(Volatile.Read(ref _closing), MostClosing) > Bounds.Connections)
        {
            Interlocked.Decrement(ref _open);
            _events.Refused(Refusal.ConnectionForDescriptors);
            return false;
        }

        Charge(connection.Cost);
        _connections.Add(connection);
        if (Memory <= Bounds.Memory || MakeRoom()) return true;
        _events.Refused(Refusal.ConnectionForMemory);
        Forget(connection);
        return false;
    }

    /// <summary>Forgets a connection whose socket is closed.</summary>
    public void Forget(ClientConnection connection)
    {
        _connections.Remove(connection);
        if (connection.MarkClosed() is var memory and > 0)
        {
            Interlocked.Decrement(ref _closing);
            Interlocked.Add(ref _closingMemory, -memory);
        }

        Charge(-connection.Cost);
        Interlocked.Decrement(ref _open);
    }

    /// <param name="memory">Bytes that the request holds.</param>
    /// <param name="ofConnection">All that the requests of its connection hold, this one included.</param>
    /// <returns>False where there is no room: nothing is charged then.</returns>
    public bool TryChargeRequest(long memory, long ofConnection)
    {
        Charge(memory);
        var size = Math.Min(ofConnection, LargeConnection);
        if (Memory <= Bounds.Memory - (Bounds.Memory / 2 / LargeConnection * size) && !(IsHeapFull && size == LargeConnection)) return true;
        // Nobody is closed for the sake of a large one.
        if (size < LargeConnection && (Memory <= Bounds.Memory || MakeRoom())) return true;
        Charge(-memory);
        _events.MemoryIsShort();
        _events.Refused(Refusal.RequestForMemory);
        return false;
    }

    /// <summary>Charges memory that is held already, or gives it back where the number is negative.</summary>
    public void Charge(long memory) => Interlocked.Add(ref _charged, memory);

    /// <summary>Charges a buffer, which cannot be refused: where it is one too many, others are closed.</summary>
    public void ChargeBuffer(long memory)
    {
        Charge(memory);
        if (Memory > Bounds.Memory) ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.MakeRoom(), this, preferLocal: false);
    }

    /// <summary>Closes connections because the heap is full, whatever was charged.</summary>
    public void Relieve(long memory)
    {
        _events.MemoryIsShort();
        if (!_eviction.MakeRoom(memory, descriptorsAreShort: false, Environment.TickCount64)) _eviction.CloseLargest(memory);
    }

    /// <summary>Aborts a connection, and counts what it holds as given back.</summary>
    public void Close(ClientConnection connection, EvictionReason reason)
    {
        var memory = connection.Cost + Math.Max(0, connection.Held);
        if (!connection.TryMarkClosing(memory)) return;
        Interlocked.Increment(ref _closing);
        Interlocked.Add(ref _closingMemory, memory);
        _events.Evicted(reason);
        connection.Abort();
    }

    /// <summary>The open connections of the public listener, as they were a moment ago.</summary>
    public void CopyTo(List<ClientConnection> list) => _connections.CopyTo(list);

    private bool MakeRoom()
    {
        _events.MemoryIsShort();
        return _eviction.MakeRoom(Memory - Bounds.Memory, descriptorsAreShort: false, Environment.TickCount64);
    }
}
