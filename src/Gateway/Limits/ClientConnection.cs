namespace FathomGateway.Limits;

/// <summary>
/// What the bounds of the process know of one connection of the public listener. The listener sets it as a feature of the connection, so that
/// requests find it in their own features, over HTTP/2 too. Connections of the internal listener have none and are not limited.
/// </summary>
internal sealed class ClientConnection(ConnectionLedger ledger)
{
    private int _underWay;
    private long _requests;
    private long _moved = Environment.TickCount64;
    private long _memory;
    private IDisposable? _attachment;
    private bool _isClosed;

    /// <summary>Requests under way; an upgraded connection has one.</summary>
    public int RequestsUnderWay => Volatile.Read(ref _underWay);

    /// <summary>Whether the connection has brought a request, whatever became of it.</summary>
    public bool HasSentRequest => Volatile.Read(ref _requests) > 0;

    /// <summary>When bytes moved last, in either direction, by <see cref="Environment.TickCount64"/>.</summary>
    public long LastMoved => Volatile.Read(ref _moved);

    /// <summary>Bytes that requests of this connection are charged with.</summary>
    public long Memory => Volatile.Read(ref _memory);

    /// <returns>Null where the request did not come in on the public listener.</returns>
    public static ClientConnection? Of(HttpContext context) => context.Features.Get<ClientConnection>();

    /// <summary>Counts a request and charges its memory.</summary>
    /// <param name="memory">Bytes that the request holds while it is under way.</param>
    /// <returns>False where there is no room: nothing is counted then, and the request is to be refused.</returns>
    public bool TryBeginRequest(long memory)
    {
        Touch();
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _underWay);
        var mine = Interlocked.Add(ref _memory, memory);
        if (ledger.TryCharge(memory, mine)) return true;
        Interlocked.Add(ref _memory, -memory);
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    /// <summary>Ends what <see cref="TryBeginRequest"/> has begun.</summary>
    public void EndRequest(long memory)
    {
        Touch();
        ledger.Release(memory);
        Interlocked.Add(ref _memory, -memory);
        Interlocked.Decrement(ref _underWay);
    }

    /// <summary>Keeps something that belongs to this connection alone, and is closed with it.</summary>
    public void Attach(IDisposable attachment)
    {
        Interlocked.Exchange(ref _attachment, attachment)?.Dispose();
        if (Volatile.Read(ref _isClosed)) Detach()?.Dispose();
    }

    /// <summary>Takes what was attached, or null.</summary>
    public IDisposable? Detach() => _attachment is null ? null : Interlocked.Exchange(ref _attachment, null);

    /// <summary>Called when the connection is closed.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, true);
        Detach()?.Dispose();
    }

    /// <summary>From now on the end of the client's bytes does not end what is sent to it: the connection is upgraded.</summary>
    public void KeepHalfOpen() => IsHalfOpen = true;

    public bool IsHalfOpen { get; private set; }

    /// <summary>Ends what is sent to the client, once all of it is sent; what the client sends goes on.</summary>
    /// <returns>False where the transport cannot do so.</returns>
    public bool TryEndWriting() => EndWriting?.Invoke() == true;

    public Func<bool>? EndWriting { get; init; }

    /// <summary>Says that bytes moved, in either direction. Costs a few nanoseconds: whoever forwards calls it for each piece.</summary>
    public void Touch() => Volatile.Write(ref _moved, Environment.TickCount64);
}
