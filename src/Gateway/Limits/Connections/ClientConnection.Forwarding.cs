using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits.Connections;

/// <content>What whoever forwards keeps with the connection.</content>
internal sealed partial class ClientConnection
{
    private IDisposable? _attachment;
    private Socket? _endsAlong;
    private int _hasEnded;
    private bool _isClosed;

    /// <summary>Whether the gateway itself is at the other end; null until somebody has looked.</summary>
    public bool? IsOwn { get; set; }

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

    /// <summary>
    /// Has a socket closed when the client ends this connection. Of one request at a time; cheaper than a registration with the token of
    /// each request. To be followed by <see cref="StopEndingAlong"/>.
    /// </summary>
    public void EndAlong(Socket socket)
    {
        Interlocked.Exchange(ref _endsAlong, socket);
        if (Volatile.Read(ref _hasEnded) != 0) CloseAlong();
    }

    /// <summary>Has the socket closed no more.</summary>
    /// <returns>False where the client has ended meanwhile: the socket is closed, or about to be, and nobody else may use it.</returns>
    public bool StopEndingAlong() => Interlocked.Exchange(ref _endsAlong, null) is not null;

    /// <summary>Called when the client has ended its bytes, and with them its request.</summary>
    public void OnEnded()
    {
        Interlocked.Exchange(ref _hasEnded, 1);
        CloseAlong();
    }

    /// <summary>Whoever takes the socket out decides what becomes of it.</summary>
    private void CloseAlong() => Interlocked.Exchange(ref _endsAlong, null)?.Dispose();

    /// <summary>Whether the end of the client's bytes leaves what is sent to it alone: the connection is upgraded.</summary>
    public bool IsHalfOpen { get; private set; }

    /// <summary>Whether the server has closed the socket, as it does when a client that is sent something is gone.</summary>
    public bool IsSocketClosed => Socket?.SafeHandle.IsClosed == true;

    /// <summary>From now on the end of the client's bytes does not end what is sent to it.</summary>
    public void KeepHalfOpen() => IsHalfOpen = true;

    /// <summary>Ends what is sent to the client; what the client sends goes on. All that was flushed is in the socket before.</summary>
    /// <returns>False where the transport cannot close one half: within TLS the server alone could.</returns>
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
