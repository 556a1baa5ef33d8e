using System.Net;
using System.Net.WebSockets;

namespace FathomGateway.Bench;

/// <summary>
/// Opens a fifth of the WebSockets, exchanges one message over each, and prints how many are open. After a line of input it does the same
/// for the others. It keeps them open until its input ends.
/// </summary>
internal static class IdleSockets
{
    /// <summary>How many are being opened at once: enough to be quick, few enough for any backlog.</summary>
    private const int AtOnce = 64;

    public static async Task<int> RunAsync(int port, int count)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var address = new Uri($"ws://127.0.0.1:{port}/socket");
        var sockets = new ClientWebSocket?[count];
        await OpenSomeAsync(0, count / 5);
        await Console.In.ReadLineAsync();
        await OpenSomeAsync(count / 5, count);
        await Console.In.ReadToEndAsync();
        foreach (var socket in sockets) socket?.Dispose();
        return 0;

        async Task OpenSomeAsync(int from, int to)
        {
            await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, cancel) =>
                sockets[index] = await OpenAsync(address, invoker, cancel));
            Console.WriteLine(sockets.Count(socket => socket is not null));
        }
    }

    /// <returns>Null where it could not be opened or did not answer.</returns>
    private static async Task<ClientWebSocket?> OpenAsync(Uri address, HttpMessageInvoker invoker, CancellationToken cancel)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.HttpVersion = HttpVersion.Version11;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await socket.ConnectAsync(address, invoker, limit.Token);
            await socket.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
            await socket.ReceiveAsync(new byte[16].AsMemory(), limit.Token);
            return socket;
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            socket.Dispose();
            return null;
        }
    }
}
