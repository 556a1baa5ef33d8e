namespace FathomGateway.Limits.Connections;

/// <summary>
/// The connection limit (compare Kestrel's <c>MaxConcurrentConnections</c>) and the memory limit of the whole process. Decides whether to
/// admit a connection or a request, and closes other connections where that makes room.
/// </summary>
/// <remarks>A request costs two atomic additions here. Everything else happens only at the limits.</remarks>
internal sealed partial class ConnectionBudget
{
    /// <summary>
    /// A connection whose requests hold this much or more is admitted only to half of the memory; one that holds nothing, to all of it;
    /// others in proportion. Many clients with heads of 31 kB or with many streams then leave room for ordinary requests, which are charged
    /// with 20 kB.
    /// </summary>
    private const long LargeConnection = 64 * 1024;

    /// <summary>The budget makes room when fewer than a sixteenth of the connections are free, so that a burst finds some.</summary>
    private const int SpareShare = 16;

    /// <summary>Share, one in so many, of the memory that is free after unfinished heads are closed.</summary>
    private const int RoomShare = 4;

    /// <summary>Share, one in so many, of the memory that may belong to closing connections while others are accepted.</summary>
    private const int ClosingShare = 8;

    private readonly OpenConnections _connections = new();
    private readonly ConnectionCounts _counts = new();
    private readonly ConnectionEviction _eviction;
    private readonly LimitEvents _events;
    private readonly List<ClientConnection> _counted = [];
    private int _isMakingRoom;

    public ConnectionBudget(ProcessLimits bounds, LimitEvents events)
    {
        (Bounds, _events) = (bounds, events);
        _eviction = new ConnectionEviction(_connections, Mark);
    }

    public ProcessLimits Bounds { get; }

    /// <summary>Open connections, including those of the internal listener.</summary>
    public int Open => _counts.Open;

    /// <summary>Charged bytes.</summary>
    public long Memory => _counts.Memory;

    /// <summary>Whether at most a sixteenth is free of either resource.</summary>
    public bool IsNearlyFull => Open > RoomThreshold || Memory > Bounds.Memory - (Bounds.Memory / SpareShare);

    /// <summary>Whether buffers should be small.</summary>
    public bool IsMemoryScarce => Memory > Bounds.Memory / 2;

    /// <summary>Whether the heap is full, whatever is charged. Only small requests are admitted then.</summary>
    public bool IsHeapFull { get; set; }

    /// <summary>
    /// Whether new connections should wait, because much memory of closed ones is not free yet. On a busy machine a close takes long, and
    /// what the new ones send would be added to it.
    /// </summary>
    public bool IsClosingMuch => _counts.ClosingMemory > Bounds.Memory / ClosingShare;

    private int RoomThreshold => Bounds.Connections - (Bounds.Connections / SpareShare);

    /// <summary>Counts a connection of the internal listener, which uses descriptors like any other and is always admitted.</summary>
    public void OpenExempt() => _counts.AddOpen(1);

    public void ForgetExempt() => _counts.AddOpen(-1);

    /// <returns>False where there is no room. The caller must close the connection.</returns>
    public bool TryOpen(ClientConnection connection)
    {
        _counts.AddOpen(1);
        var madeRoom = _counts.OpenWithoutClosing > RoomThreshold && Evict(0, descriptorsAreShort: true);
        var isFull = _counts.OpenWithoutClosing > Bounds.Connections;
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

    /// <summary>Removes a connection whose socket is closed.</summary>
    public void Forget(ClientConnection connection)
    {
        _connections.Remove(connection);
        if (connection.MarkClosed() is var memory and > 0) _counts.EndClosing(memory);
        connection.ReturnUnfinishedHead();
        Charge(-connection.Cost);
        _counts.AddOpen(-1);
    }

    /// <param name="memory">Bytes of the request.</param>
    /// <param name="ofConnection">Bytes of all requests of its connection, including this one.</param>
    /// <returns>False where there is no room. Nothing is charged then.</returns>
    public bool TryChargeRequest(long memory, long ofConnection)
    {
        Charge(memory);
        var size = Math.Min(ofConnection, LargeConnection);
        if (Memory <= Bounds.Memory - (Bounds.Memory / 2 / LargeConnection * size) && !(IsHeapFull && size == LargeConnection)) return true;
        // A large request is not worth closing another connection.
        if (size < LargeConnection && (Memory <= Bounds.Memory || MakeRoom())) return true;
        Charge(-memory);
        _events.MemoryIsShort();
        _events.Refused(LimitRefusal.RequestForMemory);
        return false;
    }

    /// <summary>Charges memory that is already in use; a negative number returns it.</summary>
    public void Charge(long memory) => _counts.Charge(memory);

    /// <summary>Charges a buffer, which cannot be refused. Over the limit, other connections are closed.</summary>
    public void ChargeBuffer(long memory)
    {
        Charge(memory);
        if (Memory <= Bounds.Memory || Interlocked.Exchange(ref _isMakingRoom, 1) != 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(static budget => budget.MakeRoomForBuffers(), this, preferLocal: false);
    }

    /// <summary>Whether the heads of this many connections could fill a sixteenth of the memory.</summary>
    public bool MayHoldManyHeads => Open > Bounds.Memory / SpareShare / MemoryCost.MaxHead;

    /// <summary>
    /// Charges heads whose end has not arrived. Where less than a sixteenth of the memory is left, the largest are closed until a fourth is
    /// free, so that new connections find room until the next count.
    /// </summary>
    public void ChargeUnfinishedHeads()
    {
        lock (_counted)
        {
            CopyTo(_counted);
            foreach (var one in _counted) one.ChargeUnfinishedHead();
            _counted.Clear();
        }

        if (Memory <= Bounds.Memory - (Bounds.Memory / SpareShare)) return;
        CloseUnfinishedHeads(Memory - Bounds.Memory + (Bounds.Memory / RoomShare));
    }

    /// <summary>A snapshot of the public listener's open connections.</summary>
    public void CopyTo(List<ClientConnection> list) => _connections.CopyTo(list);
}
