using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FathomGateway.Backend.Http1;
using FathomGateway.Tcp;

namespace FathomGateway.Backend;

/// <summary>
/// One connection of HTTP/1.1 to a server, used by one exchange at a time. Where it is broken or was closed, reading and writing end in an
/// <see cref="IOException"/> or an <see cref="ObjectDisposedException"/>.
/// </summary>
/// <param name="opened">Timestamp of the moment in which the connection was opened.</param>
/// <param name="registration">Disposed of when the connection is closed.</param>
internal sealed class BackendConnection(Socket socket, Stream stream, BackendPool pool, long opened, IDisposable? registration = null) : IDisposable
{
    /// <summary>Interim responses before the final one: 100, and a handful of 102 and 103. A server that sends more is at fault.</summary>
    private const int MostInterimResponses = 100;

    private readonly ResponseHeadParser _headReader = new();
    private int _closed;

    public Socket Socket => socket;

    /// <summary>The bytes as HTTP sees them: the socket's, or those within TLS.</summary>
    public Stream Stream => stream;

    public BackendPool Pool => pool;
    public long Opened => opened;

    /// <summary>Timestamps between which the connection may be used again.</summary>
    public (long From, long Until) Usable { get; set; }

    /// <summary>Whether the connection has carried an exchange before: the server may have closed it since, without knowing of the next request.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Whether the server has authenticated the connection for one user: see <see cref="ConnectionAuthentication"/>.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>Whether a byte of the response to the present request has come.</summary>
    public bool HasAnswered { get; private set; }

    public ResponseHead Head { get; } = new();

    public ReceiveBuffer Received { get; } = new();

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Whether something came in one piece with the end of the last response, or may have: TLS keeps what a read had no room for.</summary>
    public bool HasLeftover => Received.UnreadLength > 0 || (stream is SslStream && Received.WasFilled);

    /// <summary>Whether nothing can be read: no byte, no end, no failure. What is there before a request is no response to it.</summary>
    public bool IsQuiet => !HasLeftover && Ask(static socket => !socket.Poll(0, SelectMode.SelectRead));

    /// <summary>Whether the server is gone without a word, by what TCP knows.</summary>
    public bool PeerHasVanished => Ask(TcpInfo.HasVanished);

    public void Begin() => HasAnswered = false;

    /// <summary>Ends an exchange whose response was read to its end: between two of them no memory is held.</summary>
    public void End()
    {
        Received.Release();
        IsReused = true;
    }

    /// <summary>Sends bytes; they are in the socket when the task is done.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    /// <summary>Receives what there is, at least one byte.</summary>
    /// <returns>False at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        var read = await stream.ReadAsync(Received.BeginRead());
        Received.EndRead(read);
        HasAnswered |= read > 0;
        return read > 0;
    }

    /// <summary>Reads up to the head of the final response into <see cref="Head"/>; interim responses before it are dropped (RFC 9110, section 15.2).</summary>
    /// <param name="acceptsUpgrade">Whether a 101 was asked for.</param>
    /// <param name="expectation">Is confirmed by a 100; null where the request has none.</param>
    /// <exception cref="BackendException">The connection ended before a head was complete, or what came is none.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync(bool acceptsUpgrade, ContinueExpectation? expectation)
    {
        for (var interim = 0; interim <= MostInterimResponses; interim++)
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

    /// <summary>Ends this side's bytes; the server's go on.</summary>
    public async ValueTask EndWritingAsync()
    {
        if (stream is SslStream tls) await tls.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes the socket, so that whatever waits for it ends. May be called at any time, from anywhere.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        pool.Forget(this);
        registration?.Dispose();
        socket.Dispose();
    }

    /// <summary>Closes the connection; called by whoever uses it.</summary>
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
