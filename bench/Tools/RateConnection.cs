using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FathomGateway.Bench;

/// <summary>
/// One connection that is kept alive: sends one request at a time, and detects the end of its answer. Nothing here allocates.
/// </summary>
internal sealed class RateConnection : IDisposable
{
    /// <summary>More than a head and one KB of body, so that one read takes a whole small answer.</summary>
    private const int BufferLength = 32 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _head;
    private long _bodyLeft;

    public RateConnection(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>The state of the answer.</summary>
    public enum State
    {
        Waiting,
        Answered,
        Failed,
    }

    public nint Handle => _socket.Handle;

    /// <summary>The number of the request under way, or of the last one.</summary>
    public int Request { get; private set; }

    /// <summary>Whether a request is under way. Otherwise only the end of the connection can be read.</summary>
    public bool Busy { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Send(ReadOnlySpan<byte> message, int request)
    {
        (Request, Busy, _head, _bodyLeft) = (request, true, 0, -1);
        return _socket.Send(message, SocketFlags.None, out var fault) == message.Length && fault == SocketError.Success;
    }

    /// <summary>Reads once, which does not wait where the kernel has said that there is something to read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public State Receive()
    {
        var room = _bodyLeft < 0 ? _buffer.AsSpan(_head) : _buffer;
        var read = _socket.Receive(room, SocketFlags.None, out var fault);
        if (read <= 0 || fault != SocketError.Success) return State.Failed;
        if (_bodyLeft >= 0)
        {
            _bodyLeft -= read;
        }
        else
        {
            _head += read;
            var head = _buffer.AsSpan(0, _head);
            var end = head.IndexOf("\r\n\r\n"u8);
            if (end < 0) return _head < _buffer.Length ? State.Waiting : State.Failed;
            if (!head.StartsWith("HTTP/1.1 200 "u8) || ContentLength(head[..end]) is not (>= 0 and var length)) return State.Failed;
            _bodyLeft = length - (_head - end - 4);
        }

        if (_bodyLeft > 0) return State.Waiting;
        Busy = false;
        return _bodyLeft == 0 ? State.Answered : State.Failed;
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Negative where there is none. The backend here always sends it.</returns>
    private static long ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "content-length:"u8;
        while (head.IndexOf((byte)'\n') is >= 0 and var line)
        {
            head = head[(line + 1)..];
            if (head.Length <= name.Length || !System.Text.Ascii.EqualsIgnoreCase(head[..name.Length], name)) continue;
            return Utf8Parser.TryParse(head[name.Length..].TrimStart((byte)' '), out long length, out _) ? length : -1;
        }

        return -1;
    }
}
