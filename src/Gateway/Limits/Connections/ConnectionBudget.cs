namespace FathomGateway.Limits.Connections;

/// <summary>
/// What the connections of the whole process hold: decides whether one more connection or request is let in, and closes others where that
/// makes room.
/// </summary>
/// <remarks>A request costs two atomic additions here. Everything else happens at the bounds only.</remarks>
internal sealed partial class ConnectionBudget
{
    /// <summary>
    /// A connection whose requests hold this much, or more, is let in to half of the memory; one that holds nothing to all of it, and the
    /// others in proportion. So a crowd with heads of 31 kB, or with many streams, leaves room for ordinary requests, which are charged
    /// with 20 kB.
    /// </summary>
    private const long LargeConnection = 64 * 1024;

    /// <summary>Room is made when fewer than a sixteenth of the connections are left, so that a burst finds some.</summary>
    private const int SpareShare = 16;

    private readonly OpenConnections _connections = new();
    private readonly ConnectionCounts _counts = new();
    private readonly ConnectionEviction _eviction;
    private readonly LimitEvents _events;
    private int _isMakingRoom;

    public ConnectionBudget(ProcessLimits bounds, LimitEvents events)
    {
        (Bounds, _events) = (bounds, events);
        _eviction = new ConnectionEviction(_connections, Mark);
    }

    public ProcessLimits Bounds { get; }

    /// <summary>Connections that are open, those of the internal listener included.</summary>
    public int Open => _counts.Open;

    /// <summary>Bytes that are charged.</summary>
    public long Memory => _counts.Memory;

    /// <summary>Whether no more than a sixteenth is left of either.</summary>
    public bool IsNearlyFull => Open > MostUnhurried || Memory > Bounds.Memory - (Bounds.Memory / SpareShare);

    /// <summary>Whether buffers are to be small.</summary>
    public bool IsMemoryScarce => Memory > Bounds.Memory / 2;

    /// <summary>Whether the heap itself is full, whatever was charged: then only connections that hold little are let in.</summary>
    public bool IsHeapFull { get; set; }

    private int MostUnhurried => Bounds.Connections - (Bounds.Connections / SpareShare);

    /// <summary>Counts a connection of the internal listener: it takes descriptors like any other, and is always let in.</summary>
    public void OpenExempt() => _counts.AddOpen(1);

    public void ForgetExempt() => _counts.AddOpen(-1);

    /// <returns>False where there is no room: the connection is to be closed.</returns>
    public bool TryOpen(ClientConnection connection)
    {
        _counts.AddOpen(1);
        var madeRoom = _counts.Staying > MostUnhurried && Evict(0, descriptorsAreShort: true);
        var isFull = _counts.Staying > Bounds.Connections;
        if (madeRoom || isFull) _events.DescriptorsAreShort();
        if (isFull)
        {
            _counts.AddOpen(-1);
            _events.Refused(LimitRefusal.ConnectionForDescriptors);
            return false;
        }

        Charge(connection.Cost);
        _connections.Add(connection);
        if (Memory <= Bounds.Memory || MakeRoom()) return true;
        _events.Refused(LimitRefusal.ConnectionForMemory);
        Forget(connection);
        return false;
    }

    /// <summary>Forgets a connection whose socket is closed.</summary>
    public void Forget(ClientConnection connection)
    {
        _connections.Remove(connection);
        if (connection.MarkClosed() is var memory and > 0) _counts.EndClosing(memory);
        connection.ReturnUnfinishedHead();
        Charge(-connection.Cost);
        _counts.AddOpen(-1);
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
        _events.Refused(LimitRefusal.RequestForMemory);
        return false;
    }

    /// <summary>Charges memory that is held already, or gives it back where the number is negative.</summary>
    public void Charge(long memory) => _counts.Charge(memory);

    /// <summary>Charges a buffer, which cannot be refused: where it is one too many, others are closed.</summary>
    public void ChargeBuffer(long memory)
    {
        Charge(memory);
        if (Memory <= Bounds.Memory || Interlocked.Exchange(ref _isMakingRoom, 1) != 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.MakeRoomForBuffers(), this, preferLocal: false);
    }

    /// <summary>Whether the heads of so many connections could fill a good part of the memory.</summary>
    public bool MayHoldManyHeads => Open > Bounds.Memory / SpareShare / MemoryCost.LargestHead;

    /// <summary>Charges what connections hold of heads whose end has not arrived, and closes others where that is too much.</summary>
    public void ChargeUnfinishedHeads()
    {
        List<ClientConnection> all = [];
        CopyTo(all);
        foreach (var one in all) one.ChargeUnfinishedHead();
    }

    /// <summary>The open connections of the public listener, as they were a moment ago.</summary>
    public void CopyTo(List<ClientConnection> list) => _connections.CopyTo(list);
}
