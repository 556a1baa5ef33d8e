namespace FathomGateway.Limits;

/// <content>Closing connections, to make room or because their time is over.</content>
internal sealed partial class ConnectionLedger
{
    /// <summary>Closes connections because the heap is full, whatever was charged; on this thread.</summary>
    public void Relieve(long memory)
    {
        _events.MemoryIsShort();
        List<ClientConnection> chosen = [];
        var isEnough = _eviction.Choose(memory, descriptorsAreShort: false, Environment.TickCount64, chosen);
        if (!isEnough) _eviction.ChooseLargest(memory - chosen.Sum(one => one.Cost + one.Held), chosen);
        foreach (var one in chosen) one.Abort();
    }

    /// <summary>Aborts a connection, whatever room there is.</summary>
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

    /// <summary>Counts what the connection holds as given back.</summary>
    private void Mark(ClientConnection connection, EvictionReason reason)
    {
        var memory = connection.Cost + Math.Max(0, connection.Held);
        if (!connection.TryMarkClosing(memory)) return;
        _counts.BeginClosing(memory);
        _events.Evicted(reason);
    }
}
