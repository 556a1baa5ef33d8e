namespace FathomGateway.Limits.Connections;

/// <content>Charges the text that the server keeps of a head whose end has not arrived. A part of a connection's first head is charged from
/// the start (<see cref="MemoryCost.FirstRequest"/>). <see cref="HeapPressure"/> charges the rest and later heads periodically, so that
/// ordinary requests pay nothing. Trailers are charged like a head, once the request's own head is.</content>
internal sealed partial class ClientConnection
{
    /// <summary>Bytes of a head that <see cref="MemoryCost.Connection"/> covers.</summary>
    private const long SmallHead = 8 * 1024;

    private long _head;

    /// <summary>The server's side; null where it is not known.</summary>
    public ServerConnection? Server { get; set; }

    /// <summary>Bytes of the fields of the last HTTP/1.1 request, which is charged with them.</summary>
    public long HeadBytes { get; set; }

    /// <summary>Bytes that an unfinished head is charged with, beyond <see cref="Cost"/>.</summary>
    public long UnfinishedHead => Volatile.Read(ref _head);

    /// <summary>Charges the part of a head that has arrived, or returns the charge where its request has begun.</summary>
    public void ChargeUnfinishedHead()
    {
        if (IsClosing || Server is null) return;
        var underWay = RequestsUnderWay;
        var memory = Server.UnfinishedHead(underWay == 0 ? 0 : HeadBytes) - (Cost - MemoryCost.Connection);
        SetUnfinishedHead(memory > SmallHead ? memory : 0);
        // Meanwhile the connection may have been removed, or a request have begun or ended. No other code would return the charge then.
        if (underWay != RequestsUnderWay || Volatile.Read(ref _closingMemory) == Closed) ReturnUnfinishedHead();
    }

    /// <summary>Returns the charge of an unfinished head: its request charges the whole head, or the connection is closed.</summary>
    public void ReturnUnfinishedHead() => SetUnfinishedHead(0);

    private void SetUnfinishedHead(long memory)
    {
        if (Volatile.Read(ref _head) == memory) return;
        var more = memory - Interlocked.Exchange(ref _head, memory);
        Interlocked.Add(ref _held, more);
        budget.Charge(more);
    }
}
