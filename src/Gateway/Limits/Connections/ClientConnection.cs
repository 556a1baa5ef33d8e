using System.Net.Sockets;
using FathomGateway.Tcp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FathomGateway.Limits.Connections;

/// <summary>
/// What the process knows of one connection of the public listener. The listener sets it as a feature of the connection, so that requests
/// find it in their own features, over HTTP/2 too. Connections of the internal listener have none and are not limited.
/// </summary>
internal sealed partial class ClientConnection(ConnectionContext connection, ConnectionBudget ledger)
{
    /// <summary>In place of what the closing gives back: the connection is closed.</summary>
    private const long Closed = -1;

    private int _requestsUnderWay;
    private int _hasSentRequest;
    private int _isUnfinished = 1;
    private long _closingMemory;
    private long _lastMoved = Environment.TickCount64;
    private long _held;

    /// <summary>Place in <see cref="OpenConnections"/>, which alone writes it.</summary>
    public int Index { get; set; }

    /// <summary>By <see cref="Environment.TickCount64"/>.</summary>
    public long Opened { get; } = Environment.TickCount64;

    /// <summary>
    /// When bytes moved last, in either direction, as far as anybody has said so; by <see cref="Environment.TickCount64"/>.
    /// </summary>
    public long LastMoved => Volatile.Read(ref _lastMoved);

    /// <summary>Requests under way; an upgraded connection has one.</summary>
    public int RequestsUnderWay => Volatile.Read(ref _requestsUnderWay);

    /// <summary>Whether the connection has brought a request, whatever became of it.</summary>
    public bool HasSentRequest => Volatile.Read(ref _hasSentRequest) != 0;

    /// <summary>Whether it is being closed by us, or is forgotten.</summary>
    public bool IsClosing => Volatile.Read(ref _closingMemory) != 0;

    /// <summary>Bytes that the connection is charged with because it is there.</summary>
    public long Cost => Volatile.Read(ref _isUnfinished) != 0 ? MemoryCost.Connection + MemoryCost.FirstRequest : MemoryCost.Connection;

    /// <summary>Bytes that it is charged with beside that: its requests, and the buffers that are known to be its own.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Of each request in turn, over HTTP/1.1.</summary>
    public RequestCompletion RequestCompletion => field ??= new RequestCompletion(this);

    /// <summary>Null where the transport has none.</summary>
    public Socket? Socket { get; } = connection.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <returns>Null where the request did not come in on the public listener.</returns>
    public static ClientConnection? Of(HttpContext context) => context.Features.Get<ClientConnection>();

    /// <summary>
    /// Counts a request and charges its memory. <see cref="RequestAdmission"/> does so for each request of the public listener.
    /// </summary>
    /// <param name="memory">Bytes that the request holds while it is under way.</param>
    /// <returns>False where there is no room: nothing is counted then, and the request is to be refused.</returns>
    public bool TryBeginRequest(long memory)
    {
        Touch();
        Interlocked.Increment(ref _requestsUnderWay);
        Volatile.Write(ref _hasSentRequest, 1);
        ReturnUnfinishedHead();
        if (ledger.TryChargeRequest(memory, Interlocked.Add(ref _held, memory))) return true;
        Interlocked.Add(ref _held, -memory);
        Interlocked.Decrement(ref _requestsUnderWay);
        return false;
    }

    /// <summary>Ends what <see cref="TryBeginRequest"/> has begun.</summary>
    public void EndRequest(long memory)
    {
        Touch();
        Interlocked.Add(ref _held, -memory);
        ledger.Charge(-memory);
        Interlocked.Decrement(ref _requestsUnderWay);
    }

    /// <summary>Says that bytes moved, in either direction. Costs a few nanoseconds: whoever forwards calls it for each piece.</summary>
    public void Touch() => Volatile.Write(ref _lastMoved, Environment.TickCount64);

    /// <summary>
    /// Notes a buffer that is this connection's, or its return where the number is negative. The ledger is charged by whoever rents it out.
    /// </summary>
    public void ChargeBuffer(long memory) => Interlocked.Add(ref _held, memory);

    /// <summary>Gives back what an unfinished first request is charged with.</summary>
    public void FinishFirstRequest()
    {
        if (Volatile.Read(ref _isUnfinished) == 0 || Interlocked.Exchange(ref _isUnfinished, 0) == 0) return;
        ledger.Charge(-MemoryCost.FirstRequest);
    }

    /// <summary>
    /// The time in which nothing moved. The kernel knows it where nobody has called <see cref="Touch"/>, for a system call.
    /// </summary>
    public long Silence(long now)
    {
        var silence = now - LastMoved;
        var kernels = Socket is null ? null : TcpActivity.Silence(Socket);
        return kernels is null ? silence : Math.Min(silence, (long)kernels.Value.TotalMilliseconds);
    }

    /// <param name="memory">What the closing is expected to give back: not 0.</param>
    /// <returns>False where the connection is being closed already.</returns>
    public bool TryMarkClosing(long memory) => Interlocked.CompareExchange(ref _closingMemory, memory, 0) == 0;

    /// <returns>What <see cref="TryMarkClosing"/> was told, or 0 where nobody has called it: nobody can from now on.</returns>
    public long MarkClosed() => Interlocked.Exchange(ref _closingMemory, Closed);

    /// <summary>Aborts the connection. Continuations of its requests run within the call.</summary>
    public void Abort() => connection.Abort();

    /// <summary>The same, on the thread pool.</summary>
    public void AbortSoon() => ThreadPool.UnsafeQueueUserWorkItem(static one => one.Abort(), this, preferLocal: false);
}
