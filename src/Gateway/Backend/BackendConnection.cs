using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FathomGateway.Backend.Http1;
using FathomGateway.Tcp;

namespace FathomGateway.Backend;

/// <summary>
/// One HTTP/1.1 connection to a server, used by one exchange at a time. Reads and writes of a broken or closed one throw an
/// <see cref="IOException"/> or an <see cref="ObjectDisposedException"/>.
/// </summary>
/// <param name="stream">The stream of HTTP bytes: the socket's, or the content of TLS.</param>
/// <param name="opened">Timestamp of the opening.</param>
/// <param name="registration">Disposed when the connection closes.</param>
internal sealed class BackendConnection(
    Socket socket, Stream stream, BackendPool pool, long opened, IDisposable? registration = null) : IDisposable
{
    /// <summary>Interim responses before the final one. Servers send one 100 and a handful of 102 and 103; more is an error.</summary>
    private const int MaxInterimResponses = 100;

    private readonly ResponseHeadParser _headReader = new();
    private int _closed;

    public Socket Socket => socket;

    /// <summary>The bytes as HTTP sees them: the socket's, or those within TLS.</summary>
    public Stream Stream => stream;

    public BackendPool Pool => pool;
    public long Opened => opened;

    /// <summary>Timestamps between which the connection may be reused.</summary>
    public (long From, long Until) Usable { get; set; }

    /// <summary>Whether the connection has carried an exchange before. The server may have closed it since then.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Whether the server has authenticated the connection for one user: see <see cref="ConnectionAuthentication"/>.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>Whether a byte of the response to the current request has arrived.</summary>
    public bool HasAnswered { get; private set; }

    public ResponseHead Head { get; } = new();

    public ReceiveBuffer Received { get; } = new();

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>
    /// Whether bytes arrived behind the last response, or may have: TLS keeps bytes that a full read buffer had no room for.
    /// </summary>
    public bool HasLeftover => Received.UnreadLength > 0 || (stream is SslStream && Received.WasFilled);

    /// <summary>
    /// Whether nothing can be read: no byte, no end of stream, no error. Bytes that arrive before a request are no response to it.
    /// </summary>
    public bool HasNothingToRead => !HasLeftover && Ask(static socket => !socket.Poll(0, SelectMode.SelectRead));

    /// <summary>Whether TCP shows that the server is gone without closing the connection.</summary>
    public bool PeerHasVanished => Ask(TcpInfo.HasVanished);

    public void Begin() => HasAnswered = false;

    /// <summary>Ends an exchange whose response was read to its end. Between two exchanges the connection holds no buffer.</summary>
    public void End()
    {
        Received.Release();
        IsReused = true;
    }

    /// <summary>Sends bytes. When the task completes, they are in the socket.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    /// <summary>Receives at least one byte.</summary>
    /// <returns>False at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        var read = await stream.ReadAsync(Received.BeginRead());
        Received.EndRead(read);
        HasAnswered |= read > 0;
        return read > 0;
    }

    /// <summary>
    /// Reads up to the end of the final response's head into <see cref="Head"/>. Interim responses before it are dropped (RFC 9110, section
    /// 15.2).
    /// </summary>
    /// <param name="acceptsUpgrade">Whether the request asked for a 101.</param>
    /// <param name="expectation">Confirmed by a 100; null where the request expects none.</param>
    /// <exception cref="BackendException">The connection ended before the head was complete, or the head is invalid.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync(bool acceptsUpgrade, ContinueExpectation? expectation)
    {
        for (var interim = 0; interim <= MaxInterimResponses; interim++)
        {
            (ParseStatus status, int consumed) = (default, 0);
            while ((status = _headReader.Read(Received.Unread.Span, Head, out consumed)) == ParseStatus.Incomplete)
            {
                if (!await FillAsync()) throw new BackendException(BackendFailure.NoResponse);
            }

            if (status == ParseStatus.Invalid || (Head.Status == 101 && !acceptsUpgrade)) break;
            Received.Consume(consumed);
            if (!Head.IsInterim) return;
            if (Head.Status == 100) expectation?.Confirm();
        }

        throw new BackendException(BackendFailure.InvalidResponse);
    }

    /// <summary>Half-closes the connection. The server can still send.</summary>
    public async ValueTask EndWritingAsync()
    {
        if (stream is SslStream tls) await tls.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes the socket, which ends all pending operations. Thread-safe.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        pool.Forget(this);
        registration?.Dispose();
        socket.Dispose();
    }

    /// <summary>Closes the connection. Only its user may call this.</summary>
    public void Dispose()
    {
        Abort();
        stream.Dispose();
        Received.Release();
    }

    private bool Ask(Func<Socket, bool> question)
    {
        try
        {
            return !IsClosed && question(socket);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
