using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime;
using System.Text;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>
/// Requests at a steady pace over connections that stay open, whether answers come in time or not: one that has to wait for its turn
/// because an earlier answer was late counts from the moment at which it was due, so that a standstill is seen by all that it would have
/// met.
/// </summary>
internal sealed class ConstantRateClient(Uri target, string answerEndsWith) : IDisposable
{
    private const int Connections = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);

    /// <summary>More than a turn of some seconds takes.</summary>
    private const long Memory = 200 * 1024 * 1024;

    private readonly byte[] _request = Encoding.ASCII.GetBytes($"GET /anything HTTP/1.1\r\nHost: {target.Authority}\r\n\r\n");
    private readonly byte[] _end = Encoding.ASCII.GetBytes(answerEndsWith);
    private readonly List<Socket> _sockets = [];

    /// <returns>How long each request took, the shortest first.</returns>
    /// <exception cref="SocketException">A connection was not kept.</exception>
    /// <exception cref="InvalidOperationException">An answer was none of the backend's.</exception>
    public async Task<TimeSpan[]> RunAsync(TimeSpan length)
    {
        while (_sockets.Count < Connections)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, target.Port);
            _sockets.Add(socket);
        }

        var taken = new ConcurrentBag<TimeSpan>();
        // A collection of this process would be taken for slowness of the gateway's.
        var quiet = TryHoldCollections();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(_sockets.Select(
            (socket, number) => Task.Run(() => BeatAsync(socket, begun, Interval * ((double)number / Connections), length, taken))));
        if (quiet && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        return [.. taken.Order()];
    }

    /// <summary>Another gateway of this process may have asked for a collection meanwhile: then it is one that is counted.</summary>
    private static bool TryHoldCollections()
    {
        try
        {
            return GC.TryStartNoGCRegion(Memory);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private async Task BeatAsync(Socket socket, long begun, TimeSpan first, TimeSpan length, ConcurrentBag<TimeSpan> taken)
    {
        var buffer = new byte[4096];
        for (var due = first; due < length; due += Interval)
        {
            var early = due - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.Zero) await Task.Delay(early);
            var sent = early > TimeSpan.Zero ? Stopwatch.GetElapsedTime(begun) : due;
            await socket.SendAsync(_request);
            await ReceiveAsync(socket, buffer);
            taken.Add(Stopwatch.GetElapsedTime(begun) - sent);
        }
    }

    private async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (!buffer.AsSpan(0, length).EndsWith(_end))
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += received;
            if (received == 0 || length == buffer.Length)
                throw new InvalidOperationException($"Another answer came back:\n{Encoding.Latin1.GetString(buffer, 0, length)}");
        }

        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"Another answer came back:\n{Encoding.Latin1.GetString(buffer, 0, length)}");
    }
}
