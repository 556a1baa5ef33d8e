using System.Net.Sockets;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>One request that reached a <see cref="RawServer"/>, and the connection to answer it on, byte by byte.</summary>
internal sealed class RawExchange(TcpClient client, Stream stream, WireReader reader, WireHead head, CancellationToken serverEnds)
{
    private WireMessage? _request;

    /// <summary>The head, which is there before the body has been sent.</summary>
    public WireHead Head { get; } = head;

    /// <summary>Cancelled when the server is disposed.</summary>
    public CancellationToken ServerEnds { get; } = serverEnds;

    /// <summary>The connection, or TLS on it.</summary>
    public Stream Stream { get; } = stream;

    public WireReader Reader { get; } = reader;

    /// <summary>True once the server is to read no further request from this connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The whole request; reads the body on the first call.</summary>
    public async Task<WireMessage> ReadRequestAsync() => _request ??= await Reader.ReadRequestBodyAsync(Head, ServerEnds);

    /// <summary>Whether bytes of the peer wait to be read, such as the next request.</summary>
    public bool HasInput => client.Available > 0;

    /// <summary>Says that the script has read the request's body by itself: what comes next is the next request.</summary>
    public void RequestIsRead() => _request = new WireMessage(Head, [], []);

    /// <summary>Sends characters as the bytes of the same number (Latin-1).</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await Stream.WriteAsync(bytes, ServerEnds);

    /// <summary>The next bytes of the body or behind the head, as they are on the wire; empty at the end of the connection.</summary>
    public Task<byte[]> ReadSomeAsync() => Reader.ReadSomeAsync(ServerEnds);

    /// <summary>Whether the peer ends the connection, in good order or by a reset; bytes that come before that are not looked at.</summary>
    public async Task<bool> IsEndedByPeerAsync()
    {
        try
        {
            while ((await ReadSomeAsync()).Length > 0)
            {
                // What was on its way.
            }
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }

        return true;
    }

    /// <summary>Sends several pieces in one segment, over TLS as records of their own (tcp(7), TCP_CORK).</summary>
    public async Task SendTogetherAsync(params string[] pieces)
    {
        const int TcpLevel = 6, Cork = 3;
        client.Client.SetRawSocketOption(TcpLevel, Cork, BitConverter.GetBytes(1));
        foreach (var piece in pieces) await SendAsync(piece);
        client.Client.SetRawSocketOption(TcpLevel, Cork, BitConverter.GetBytes(0));
    }

    /// <summary>Says "nothing more from me" and keeps reading: a half-closed connection.</summary>
    public void FinishSending() => client.Client.Shutdown(SocketShutdown.Send);

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
