using System.Net.Sockets;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>One request that reached a <see cref="RawServer"/>, and the connection to answer it on, byte by byte.</summary>
internal sealed class RawExchange(TcpClient client, WireReader reader, WireHead head, CancellationToken serverEnds)
{
    private WireMessage? _request;

    /// <summary>The head, which is there before the body has been sent.</summary>
    public WireHead Head { get; } = head;

    /// <summary>Cancelled when the server is disposed.</summary>
    public CancellationToken ServerEnds { get; } = serverEnds;

    public NetworkStream Stream => client.GetStream();

    public WireReader Reader { get; } = reader;

    /// <summary>True once the server is to read no further request from this connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The whole request; reads the body on the first call.</summary>
    public async Task<WireMessage> ReadRequestAsync() => _request ??= await Reader.ReadRequestBodyAsync(Head, ServerEnds);

    /// <summary>Sends characters as the bytes of the same number (Latin-1).</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await Stream.WriteAsync(bytes, ServerEnds);

    /// <summary>Ends the connection in good order.</summary>
    public void Close()
    {
        IsOver = true;
        client.Close();
    }

    /// <summary>Ends the connection by a TCP reset.</summary>
    public void Reset()
    {
        // The socket itself: closing the client would shut it down first, in good order.
        IsOver = true;
        client.LingerState = new LingerOption(true, 0);
        client.Client.Close();
    }
}
