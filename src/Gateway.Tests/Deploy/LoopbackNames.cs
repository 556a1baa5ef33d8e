using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Deploy;

/// <summary>A name server on loopback that knows the same IPv4 addresses for every name, and no other record (RFC 1035).</summary>
internal sealed class LoopbackNames : IAsyncDisposable
{
    private const int HeaderLength = 12, TypeA = 1;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly IPAddress[] _addresses;
    private readonly Task _serving;

    public LoopbackNames(params IPAddress[] addresses)
    {
        _addresses = addresses;
        _serving = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_end.Token);
                await _socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private byte[] Answer(byte[] query)
    {
        var end = Array.IndexOf(query, (byte)0, HeaderLength) + 5;
        var count = query[end - 3] == TypeA ? _addresses.Length : 0;
        // The same id and question; a response, recursion available, no error; no further section.
        byte[] head = [query[0], query[1], 0x81, 0x80, 0, 1, 0, (byte)count, 0, 0, 0, 0];
        // The name by a pointer to the question, type A, class IN, a second to live, four bytes.
        var records = _addresses.Take(count)
            .SelectMany(address => new byte[] { 0xC0, HeaderLength, 0, TypeA, 0, 1, 0, 0, 0, 1, 0, 4 }.Concat(address.GetAddressBytes()));
        return [.. head, .. query[HeaderLength..end], .. records];
    }
}
