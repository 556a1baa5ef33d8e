using System.Net.Sockets;
using FathomGateway.Tcp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FathomGateway.Limits.Connections;

/// <summary>
/// A connection of the public listener and its use of the process's resources. The transport sets it as a connection feature, which
/// requests find among their own, over HTTP/2 too. Connections of the internal listener have none and are not limited.
/// </summary>
internal sealed partial class ClientConnection(ConnectionContext connection, ConnectionBudget budget)
{
    /// <summary>Value of <c>_closingMemory</c> after the connection is closed.</summary>
    private const long Closed = -1;

    private int _requestsUnderWay;
    private int _hasSentRequest;
    private int _isUnfinished = 1;
    private long _closingMemory;
    private long _lastMoved = Environment.TickCount64;
    private long _held;

    /// <summary>Position in <see cref="OpenConnections"/>, which alone writes it.</summary>
    public int Index { get; set; }

    /// <summary>By <see cref="Environment.TickCount64"/>.</summary>
    public long Opened { get; } = Environment.TickCount64;

    /// <summary>
    /// When bytes last moved in either direction, as far as <see cref="Touch"/> was called; by <see cref="Environment.TickCount64"/>.
    /// </summary>
    public long LastMoved => Volatile.Read(ref _lastMoved);

    /// <summary>Requests in progress. An upgraded connection has one.</summary>
    public int RequestsUnderWay => Volatile.Read(ref _requestsUnderWay);

    /// <summary>Whether the connection has carried a request, whatever its outcome.</summary>
    public bool HasSentRequest => Volatile.Read(ref _hasSentRequest) != 0;

    /// <summary>Whether the gateway is closing the connection, or has forgotten it.</summary>
    public bool IsClosing => Volatile.Read(ref _closingMemory) != 0;

    /// <summary>Bytes that the open connection is charged with.</summary>
    public long Cost => Volatile.Read(ref _isUnfinished) != 0 ? MemoryCost.Connection + MemoryCost.FirstRequest : MemoryCost.Connection;

    /// <summary>Further bytes that it is charged with: its requests, and buffers that are known to be its own.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Used for each request in turn over HTTP/1.1.</summary>
    public RequestCompletion RequestCompletion => field ??= new RequestCompletion(this);

    /// <summary>Whether a request was forwarded. Since then, its operations may complete on a socket thread.</summary>
    public bool CompletesInline { get; private set; }

    /// <summary>Null where the transport has none.</summary>
    public Socket? Socket { get; } = connection.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <returns>Null where the request did not arrive on the public listener.</returns>
    public static ClientConnection? Of(HttpContext context) => context.Features.Get<ClientConnection>();

    /// <summary>
    /// Counts a request and charges its memory. <see cref="RequestAdmission"/> calls this for each request of the public listener.
    /// </summary>
    /// <param name="memory">Bytes that the request holds while it is in progress.</param>
    /// <returns>False where there is no room. Nothing is counted then, and the request must be refused.</returns>
    public bool TryBeginRequest(long memory)
    {
        Touch();
        Interlocked.Increment(ref _requestsUnderWay);
        Volatile.Write(ref _hasSentRequest, 1);
        ReturnUnfinishedHead();
        if (budget.TryChargeRequest(memory, Interlocked.Add(ref _held, memory))) return true;
        Interlocked.Add(ref _held, -memory);
        Interlocked.Decrement(ref _requestsUnderWay);
        return false;
    }

    /// <summary>Makes operations complete inline from now on (<see cref="InlineCompletions"/>).</summary>
    public void CompleteInline()
    {
        CompletesInline = true;
        if (Socket is { } socket) InlineCompletions.Enable(socket);
    }

    /// <param name="memory">The bytes that <see cref="TryBeginRequest"/> charged.</param>
    public void EndRequest(long memory)
    {
        Touch();
        ReturnUnfinishedHead();
        Interlocked.Add(ref _held, -memory);
        budget.Charge(-memory);
        Interlocked.Decrement(ref _requestsUnderWay);
    }

    /// <summary>
    /// Records that bytes moved in either direction. Costs a few nanoseconds; forwarding code calls it for each part of a body.
    /// </summary>
    public void Touch() => Volatile.Write(ref _lastMoved, Environment.TickCount64);

    /// <summary>Charges a buffer to this connection; a negative number returns it. The memory pool charges the budget.</summary>
    public void ChargeBuffer(long memory) => Interlocked.Add(ref _held, memory);

    /// <summary>Returns the charge for an unfinished first request.</summary>
    public void FinishFirstRequest()
    {
        if (Volatile.Read(ref _isUnfinished) == 0 || Interlocked.Exchange(ref _isUnfinished, 0) == 0) return;
        budget.Charge(-MemoryCost.FirstRequest);
    }

    /// <summary>
    /// Milliseconds since data last moved. Asks the kernel, with one system call, where <see cref="Touch"/> is not called.
    /// </summary>
    public long Silence(long now)
    {
        var silence = now - LastMoved;
        var kernels = Socket is null ? null : TcpActivity.Silence(Socket);
        return kernels is null ? silence : Math.Min(silence, (long)kernels.Value.TotalMilliseconds);
    }

    /// <param name="memory">Bytes that the close is expected to free; not 0.</param>
    /// <returns>False where the connection is already closing.</returns>
    public bool TryMarkClosing(long memory) => Interlocked.CompareExchange(ref _closingMemory, memory, 0) == 0;

    /// <returns>The argument of <see cref="TryMarkClosing"/>, or 0 where it was not called. It cannot be called from now on.</returns>
    public long MarkClosed() => Interlocked.Exchange(ref _closingMemory, Closed);

    /// <summary>Aborts the connection. Continuations of its requests run within the call.</summary>
    public void Abort() => connection.Abort();

    /// <summary>Aborts the connection on the thread pool.</summary>
    public void AbortSoon() => ThreadPool.UnsafeQueueUserWorkItem(static one => one.Abort(), this, preferLocal: false);
}
