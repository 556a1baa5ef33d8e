using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits.Connections;

/// <content>State that forwarding code keeps with the connection.</content>
internal sealed partial class ClientConnection
{
    private IDisposable? _attachment;
    private Socket? _socketToClose;
    private int _hasEnded;
    private bool _isClosed;

    /// <summary>Whether the gateway itself opened the connection; null until that was checked.</summary>
    public bool? IsOwn { get; set; }

    /// <summary>Keeps a resource that belongs to this connection alone and is disposed with it.</summary>
    public void Attach(IDisposable attachment)
    {
        Interlocked.Exchange(ref _attachment, attachment)?.Dispose();
        if (Volatile.Read(ref _isClosed)) Detach()?.Dispose();
    }

    /// <summary>Takes the attached resource, or null.</summary>
    public IDisposable? Detach() => _attachment is null ? null : Interlocked.Exchange(ref _attachment, null);

    /// <summary>Called when the connection is closed.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, true);
        Detach()?.Dispose();
    }

    /// <summary>
    /// Closes a socket when the client ends this connection. Supports one request at a time and is cheaper than a registration with each
    /// request's token. <see cref="StopClosingWithClient"/> must follow.
    /// </summary>
    public void CloseWithClient(Socket socket)
    {
        Interlocked.Exchange(ref _socketToClose, socket);
        if (Volatile.Read(ref _hasEnded) != 0) CloseSocket();
    }

    /// <summary>Ends the effect of <see cref="CloseWithClient"/>.</summary>
    /// <returns>False where the client has ended the connection meanwhile. The socket is or will be closed and must not be used.</returns>
    public bool StopClosingWithClient() => Interlocked.Exchange(ref _socketToClose, null) is not null;

    /// <summary>Called when the client has ended its data, and with it its request.</summary>
    public void OnEnded()
    {
        Interlocked.Exchange(ref _hasEnded, 1);
        CloseSocket();
    }

    /// <summary>Only the code that takes the socket may close it.</summary>
    private void CloseSocket() => Interlocked.Exchange(ref _socketToClose, null)?.Dispose();

    /// <summary>Whether the connection is upgraded, so that the client's end of data does not end the data sent to it.</summary>
    public bool IsHalfOpen { get; private set; }

    /// <summary>Whether the server has closed the socket, as it does after a write to a disconnected client.</summary>
    public bool IsSocketClosed => Socket?.SafeHandle.IsClosed == true;

    /// <summary>From now on the client's end of data does not end the data sent to it.</summary>
    public void KeepHalfOpen() => IsHalfOpen = true;

    /// <summary>Half-closes the connection: ends the data to the client. Flushed data is in the socket before.</summary>
    /// <returns>False where the transport cannot be half-closed. With TLS only the server could do it.</returns>
    public bool TryEndWriting()
    {
        if (Socket is null || connection.Features.Get<ITlsConnectionFeature>() is not null) return false;
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
