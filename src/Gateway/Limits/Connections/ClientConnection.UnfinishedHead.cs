using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits.Connections;

/// <content>Charges the text that the server keeps of a head whose end has not arrived. The first head of a connection is charged from the
/// start (<see cref="MemoryCost.FirstRequest"/>). <see cref="HeapPressure"/> charges later heads periodically, so that ordinary requests
/// pay nothing.</content>
internal sealed partial class ClientConnection
{
    /// <summary>Bytes of fields that <see cref="MemoryCost.Connection"/> covers.</summary>
    private const long SmallHead = 4 * 1024;

    private IFeatureCollection? _http1;
    private long _head;

    /// <summary>Records that the first request is complete. From now on the server's own count of the fields can be read.</summary>
    /// <param name="http1">The features of an HTTP/1.1 request. The server uses one object for all requests of a connection.</param>
    public void FinishFirstRequest(IFeatureCollection http1)
    {
        if (_http1 is not null) return;
        Volatile.Write(ref _http1, http1);
        FinishFirstRequest();
    }

    /// <summary>Charges the bytes of a later head that have arrived, or returns the charge where its request has begun.</summary>
    public void ChargeUnfinishedHead()
    {
        if (Volatile.Read(ref _http1) is not { } http1) return;
        var bytes = RequestsUnderWay == 0 ? RequestHeadSize.Counted(http1) ?? 0 : 0;
        SetUnfinishedHead(bytes > SmallHead ? bytes * MemoryCost.HeadByte : 0);
        // Meanwhile the connection may have been removed, or its request may have begun. No other code would return the charge then.
        if (Volatile.Read(ref _closingMemory) == Closed || RequestsUnderWay != 0) ReturnUnfinishedHead();
    }

    /// <summary>Returns the charge of an unfinished head: its request charges the whole head, or the connection is closed.</summary>
    public void ReturnUnfinishedHead() => SetUnfinishedHead(0);

    private void SetUnfinishedHead(long memory)
    {
        if (Volatile.Read(ref _head) == memory) return;
        var more = memory - Interlocked.Exchange(ref _head, memory);
        Interlocked.Add(ref _held, more);
        budget.ChargeBuffer(more);
    }
}
