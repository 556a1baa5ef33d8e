using FathomGateway.Tcp;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits.Connections;

/// <content>Charges the text that the server keeps of a head whose end has not arrived. A part of a connection's first head is charged from
/// the start (<see cref="MemoryCost.FirstRequest"/>). <see cref="HeapPressure"/> charges the rest and later heads periodically, so that
/// ordinary requests pay nothing.</content>
internal sealed partial class ClientConnection
{
    /// <summary>Bytes of fields that <see cref="MemoryCost.Connection"/> covers.</summary>
    private const long SmallHead = 4 * 1024;

    private IFeatureCollection? _http1;
    private long _head;

    /// <summary>Bytes that an unfinished head is charged with, beyond <see cref="Cost"/>.</summary>
    public long UnfinishedHead => Volatile.Read(ref _head);

    /// <summary>Records that the first request is complete. From now on the server's own count of the fields can be read.</summary>
    /// <param name="http1">The features of an HTTP/1.1 request. The server uses one object for all requests of a connection.</param>
    public void FinishFirstRequest(IFeatureCollection http1)
    {
        if (_http1 is not null) return;
        Volatile.Write(ref _http1, http1);
        FinishFirstRequest();
    }

    /// <summary>Charges the bytes of a head that have arrived, or returns the charge where its request has begun.</summary>
    public void ChargeUnfinishedHead()
    {
        if (IsClosing) return;
        var isFirst = !HasSentRequest;
        SetUnfinishedHead(isFirst ? FirstHead() : LaterHead());
        // Meanwhile the connection may have been removed, or its request may have begun. No other code would return the charge then.
        if (Volatile.Read(ref _closingMemory) == Closed || RequestsUnderWay != 0 || isFirst == HasSentRequest) ReturnUnfinishedHead();
    }

    /// <summary>Returns the charge of an unfinished head: its request charges the whole head, or the connection is closed.</summary>
    public void ReturnUnfinishedHead() => SetUnfinishedHead(0);

    /// <summary>
    /// Before the first request the server's count cannot be read. What the kernel has received is as much, or a little more.
    /// </summary>
    private long FirstHead()
    {
        var bytes = Socket is null ? 0 : TcpActivity.ReceivedBytes(Socket) ?? 0;
        return Math.Max(0, Math.Min(bytes * MemoryCost.HeadByte, MemoryCost.MaxHead) - MemoryCost.FirstRequest);
    }

    private long LaterHead()
    {
        if (Volatile.Read(ref _http1) is not { } http1 || RequestsUnderWay != 0) return 0;
        return RequestHeadSize.Counted(http1) is { } bytes and > SmallHead ? bytes * MemoryCost.HeadByte : 0;
    }

    private void SetUnfinishedHead(long memory)
    {
        if (Volatile.Read(ref _head) == memory) return;
        var more = memory - Interlocked.Exchange(ref _head, memory);
        Interlocked.Add(ref _held, more);
        budget.ChargeBuffer(more);
    }
}
