using System.Net.Sockets;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Sends exact bytes over TCP and reads whole responses: the client for everything that HttpClient would refuse, tidy up or hide.
/// </summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new() { NoDelay = true };
    private WireReader _reader = null!;

    /// <summary>The connection itself, for what comes after an upgrade.</summary>
    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(address.Host, address.Port);
        client._reader = new WireReader(client.Stream);
        return client;
    }

    /// <summary>One request on a connection of its own. The request says <c>Connection: close</c> itself if it wants to.</summary>
    public static async Task<WireMessage> ExchangeAsync(Uri address, string request)
    {
        await using var client = await ConnectAsync(address);
        await client.SendAsync(request);
        return await client.ReadResponseAsync(request.Split(' ')[0]);
    }

    /// <summary>Sends characters as the bytes of the same number (Latin-1).</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await Stream.WriteAsync(bytes);

    /// <summary>
    /// Reads the next response whole. An interim response (1xx) is a response of its own; the final one comes with the next call.
    /// </summary>
    /// <param name="within">For a large body or a late head; else as long as for everything.</param>
    public async Task<WireMessage> ReadResponseAsync(string requestMethod = "GET", TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? ReadLimit);
        var head = await ReadHeadAsync(limit.Token);
        return await _reader.ReadResponseBodyAsync(head, requestMethod, limit.Token);
    }

    /// <summary>Reads answers up to the final one.</summary>
    /// <returns>The final one, and the statuses of those before it (1xx).</returns>
    public async Task<(WireMessage Final, IReadOnlyList<int> Interim)> ReadFinalResponseAsync(string requestMethod = "GET")
    {
        var interim = new List<int>();
        while (true)
        {
            var response = await ReadResponseAsync(requestMethod);
            if (response.Status is >= 200 or 101) return (response, interim);
            interim.Add(response.Status);
        }
    }

    /// <summary>
    /// Reads only the head of the next response, as soon as it is there; the body then comes by <see cref="ReadSomeAsync"/>.
    /// </summary>
    public async Task<WireHead> ReadHeadAsync()
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        return await ReadHeadAsync(limit.Token);
    }

    private async Task<WireHead> ReadHeadAsync(CancellationToken cancel) =>
        await _reader.ReadHeadAsync(cancel) ?? throw new EndOfStreamException("The peer closed the connection without a response.");

    /// <summary>The bytes that are there, at least one; empty once the peer has closed.</summary>
    public async Task<byte[]> ReadSomeAsync()
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        return await _reader.ReadSomeAsync(limit.Token);
    }

    /// <summary>Reads until at least so many characters are there.</summary>
    /// <exception cref="EndOfStreamException">The peer has closed the connection before that.</exception>
    public async Task<string> ReadTextAsync(int atLeast)
    {
        var text = "";
        while (text.Length < atLeast)
        {
            var some = await ReadSomeAsync();
            if (some.Length == 0) throw new EndOfStreamException($"The answer ended after '{text}'.");
            text += Encoding.Latin1.GetString(some);
        }

        return text;
    }

    /// <summary>Every byte up to the end of the connection, and whether that was an end in good order: a reset is none.</summary>
    public async Task<(string Text, bool InGoodOrder)> ReadToEndAsync()
    {
        var text = new StringBuilder();
        try
        {
            while (await ReadSomeAsync() is { Length: > 0 } some) text.Append(Encoding.Latin1.GetString(some));
            return (text.ToString(), true);
        }
        catch (IOException)
        {
            return (text.ToString(), false);
        }
    }

    /// <summary>Whether the peer ends the connection now, in good order or by a reset, without a further byte.</summary>
    public async Task<bool> IsClosedByPeerAsync()
    {
        try
        {
            return (await ReadSomeAsync()).Length == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Says "nothing more from me" and keeps reading: a half-closed connection.</summary>
    public void FinishSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks off with a TCP reset, as a browser tab that is closed.</summary>
    public void Reset()
    {
        // The socket itself: closing the client would shut it down first, in good order.
        _client.LingerState = new LingerOption(true, 0);
        _client.Client.Close();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
