namespace FathomGateway.Limits.Connections;

/// <content>Closes connections to make room, or because their time is over.</content>
internal sealed partial class ConnectionBudget
{
    /// <summary>Bytes that only a connection with many streams holds. Ordinary ones hold a few percent of it.</summary>
    private const long ManyStreams = 1024 * 1024;

    /// <summary>
    /// The smallest charge of an unfinished head whose connection is closed for new ones: a client's usual fields are smaller.
    /// </summary>
    private const long MinClosedHead = 16 * 1024;

    /// <summary>
    /// Closes connections on this thread because the heap is full, whatever is charged. Connections with many streams are first, because
    /// others free little. Of those, unused and idle ones come first: they may hold a head that never ends.
    /// </summary>
    public void FreeMemory(long memory)
    {
        _events.MemoryIsShort();
        List<ClientConnection> chosen = [];
        memory -= _eviction.ChooseLargest(memory, ManyStreams, static one => one.Held, chosen);
        if (memory > 0 && !_eviction.Choose(memory, descriptorsAreShort: false, Environment.TickCount64, chosen))
        {
            _eviction.ChooseLargest(memory, 0, static one => one.Held, chosen);
        }

        foreach (var one in chosen) one.Abort();
    }

    private void CloseUnfinishedHeads(long memory)
    {
        if (memory <= 0) return;
        List<ClientConnection> chosen = [];
        if (_eviction.ChooseLargest(memory, MinClosedHead, static one => one.UnfinishedHead, chosen) > 0) _events.MemoryIsShort();
        // At once, because the thread pool has a long queue in this situation.
        foreach (var one in chosen) one.Abort();
    }

    /// <summary>Aborts a connection, however much room there is.</summary>
    public void Close(ClientConnection connection, EvictionReason reason)
    {
        Mark(connection, reason);
        connection.AbortSoon();
    }

    private void MakeRoomForBuffers()
    {
        MakeRoom();
        Volatile.Write(ref _isMakingRoom, 0);
    }

    private bool MakeRoom()
    {
        var missing = Memory - Bounds.Memory;
        if (missing <= 0) return true;
        _events.MemoryIsShort();
        return Evict(missing, descriptorsAreShort: false);
    }

    private bool Evict(long memory, bool descriptorsAreShort)
    {
        List<ClientConnection> chosen = [];
        var isEnough = _eviction.Choose(memory, descriptorsAreShort, Environment.TickCount64, chosen);
        foreach (var one in chosen) one.AbortSoon();
        return isEnough;
    }

    /// <summary>Counts the connection's memory as returned.</summary>
    private void Mark(ClientConnection connection, EvictionReason reason)
    {
        var memory = connection.Cost + Math.Max(0, connection.Held);
        if (!connection.TryMarkClosing(memory)) return;
        _counts.BeginClosing(memory);
        _events.Evicted(reason);
    }
}
