using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FathomGateway.Tcp;

namespace FathomGateway.Backend;

/// <summary>
/// One connection of HTTP/1.1 to a server, used by one exchange at a time. Reads into a buffer of its own, which is rented while an exchange is
/// under way and given back between two of them, and whose unread part is <see cref="Unread"/>.
/// </summary>
internal sealed class BackendConnection : IDisposable
{
    /// <summary>Bytes that the buffer has at first: enough for most heads, and all that a response holds which is long in coming.</summary>
    private const int SmallBuffer = 4 * 1024;

    /// <summary>Bytes of the buffer for bodies; what a socket holds ready by default.</summary>
    public const int BodyBuffer = 64 * 1024;

    /// <summary>Interim responses before the final one: 100, and a handful of 102 and 103. A server that sends more is at fault.</summary>
    private const int MostInterimResponses = 100;

    private readonly ResponseHeadReader _headReader = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _closed;
    private bool _isReading;
    private bool _lastReadFilledBuffer;

    public BackendConnection(Socket socket, Stream stream, BackendPool pool, TimeProvider time)
    {
        (Socket, Stream, Pool) = (socket, stream, pool);
        Opened = time.GetTimestamp();
    }

    public Socket Socket { get; }

    /// <summary>The bytes as HTTP sees them: the socket's, or those within TLS.</summary>
    public Stream Stream { get; }

    /// <summary>Timestamp of the moment in which the connection was opened.</summary>
    public long Opened { get; }

    /// <summary>Timestamp before which the connection, which waits in the pool, is not used.</summary>
    public long UsableFrom { get; set; }

    /// <summary>Timestamp at which the connection, which waits in the pool, is closed.</summary>
    public long IdleUntil { get; set; }

    /// <summary>Whether the connection has carried an exchange before: the server may have closed it since, without knowing of the next request.</summary>
    public bool IsReused { get; set; }

    /// <summary>Whether a byte of the response to the present request has come.</summary>
    public bool HasAnswered { get; private set; }

    public ResponseHead Head { get; } = new();

    /// <summary>Where the connection belongs.</summary>
    public BackendPool Pool { get; }

    /// <summary>Whether the server has authenticated the connection for one user: see <see cref="ConnectionAuthentication"/>.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>What was received and not consumed.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    public int UnreadLength => _end - _start;

    /// <summary>Whether nothing can be read: no byte, no end, no failure. What is there before a request is no response to it.</summary>
    public bool IsQuiet
    {
        get
        {
            if (_end > _start || Volatile.Read(ref _closed) != 0) return false;
            try
            {
                return !Socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the server is gone without a word, by what TCP knows.</summary>
    public bool PeerHasVanished
    {
        get
        {
            try
            {
                return TcpInfo.HasVanished(Socket);
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Begins an exchange.</summary>
    public void Begin() => HasAnswered = false;

    /// <summary>Sends bytes; they are in the socket when the task is done.</summary>
    /// <exception cref="IOException">The connection is broken or was closed.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes);

    /// <summary>Receives what there is, at least one byte. While it waits it holds a small buffer, unless the last read filled that.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="IOException">The connection is broken or was closed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        MakeRoom();
        _isReading = true;
        var read = await Stream.ReadAsync(_buffer.AsMemory(_end));
        _isReading = false;
        _lastReadFilledBuffer = read == _buffer!.Length - _end;
        _end += read;
        HasAnswered |= read > 0;
        return read > 0;
    }

    public void Consume(int length) => _start += length;

    /// <summary>Reads up to the head of the final response into <see cref="Head"/>; interim responses before it are dropped (RFC 9110, section 15.2).</summary>
    /// <param name="acceptsUpgrade">Whether a 101 was asked for.</param>
    /// <param name="expectation">Is confirmed by a 100; null where the request has none.</param>
    /// <exception cref="BackendException">The connection ended before a head was complete, or what came is none.</exception>
    /// <exception cref="IOException">The connection is broken or was closed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync(bool acceptsUpgrade, ContinueExpectation? expectation)
    {
        for (var interim = 0; interim <= MostInterimResponses; interim++)
        {
            ParseStatus status;
            int consumed;
            while ((status = _headReader.Read(Unread.Span, Head, out consumed)) == ParseStatus.Incomplete)
            {
                if (!await FillAsync()) throw new BackendException(BackendFailure.NoResponse);
            }

            const int SwitchingProtocols = 101, Continue = 100;
            var isUninvited = Head.Status == SwitchingProtocols && !acceptsUpgrade;
            if (status == ParseStatus.Invalid || isUninvited) break;
            _start += consumed;
            if (!Head.IsInterim) return;
            if (Head.Status == Continue) expectation?.Confirm();
        }

        throw new BackendException(BackendFailure.InvalidResponse);
    }

    /// <summary>Gives the buffer back; nothing may be unread.</summary>
    public void ReleaseBuffer()
    {
        if (_buffer is not { } buffer) return;
        (_buffer, _start, _end, _lastReadFilledBuffer) = (null, 0, 0, false);
        // A read that was given up may still write into it.
        if (!_isReading) ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Ends this side's bytes; the server's go on.</summary>
    public async ValueTask EndWritingAsync()
    {
        if (Stream is System.Net.Security.SslStream tls) await tls.ShutdownAsync();
        Socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes the socket, so that whatever waits for it ends. May be called at any time, from anywhere.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        Pool.Forget(this);
        Socket.Dispose();
    }

    /// <summary>Closes the connection; nothing may be reading or writing any more.</summary>
    public void Dispose()
    {
        Abort();
        Stream.Dispose();
        ReleaseBuffer();
    }

    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        var size = _lastReadFilledBuffer ? BodyBuffer : SmallBuffer;
        if (_buffer is not null && _end < _buffer.Length && (_end > 0 || _buffer.Length == size)) return;
        var unread = Unread.Span;
        // A head that does not end within the buffer needs a larger one.
        var other = ArrayPool<byte>.Shared.Rent(Math.Max(size, unread.Length * 2));
        unread.CopyTo(other);
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (other, 0, unread.Length);
    }
}
