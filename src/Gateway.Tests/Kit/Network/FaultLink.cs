using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Kit;

/// <summary>One connection through a <see cref="FaultProxy"/>: a client's socket, and ours to the server.</summary>
internal sealed class FaultLink(Socket client) : IDisposable
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _ends = new();
    private volatile bool _swallows;

    /// <summary>From now on what arrives is read and thrown away, on both sides, and neither side's end is told to the other.</summary>
    public void Swallow() => _swallows = true;

    public void Reset()
    {
        _ends.Cancel();
        Break(client);
        Break(_server);
    }

    /// <summary>Passes bytes both ways until both sides have ended or the connection is broken.</summary>
    public async Task RunAsync(int target, FaultDirection toServer, FaultDirection fromServer)
    {
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, target, _ends.Token);
            await Task.WhenAll(PumpAsync(client, _server, toServer), PumpAsync(_server, client, fromServer));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is down: reset the client's connection.
            Reset();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, FaultDirection direction)
    {
        var transcript = direction.NewTranscript();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _ends.Token) is var length and > 0)
            {
                var piece = buffer.AsMemory(0, length);
                transcript.Add(piece.Span);
                if (_swallows || await direction.PassAsync(piece, bytes => SendAsync(to, bytes), _ends.Token)) continue;
                Reset();
                return;
            }

            if (_swallows) await Task.Delay(Timeout.Infinite, _ends.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A reset on one side is one on the other.
            if (!_swallows) Reset();
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        // What was held when the hole opened is lost too.
        for (var rest = bytes; rest.Length > 0 && !_swallows;) rest = rest[await to.SendAsync(rest, _ends.Token)..];
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        socket.Dispose();
    }
}
