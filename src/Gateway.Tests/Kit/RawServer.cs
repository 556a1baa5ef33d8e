using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A raw-TCP HTTP/1.1 responder on loopback for what well-behaved servers cannot send. The script (see <see cref="RawAnswer"/>) is
/// called for each request once its head has been read; connections are kept alive until the script ends them or the client does.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    // Only a script that waits for something else than the test's end could take longer.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    private RawServer(Func<RawExchange, Task> script, IPEndPoint at)
    {
        Script = script;
        _listener = new TcpListener(at);
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>What happens to the next request; may be changed between two requests.</summary>
    public Func<RawExchange, Task> Script { get; set; }

    public int Connections => _connections;

    public int Requests => _requests;

    /// <param name="at">Null for a free port of 127.0.0.1.</param>
    public static RawServer Start(Func<RawExchange, Task> script, IPEndPoint? at = null) => new(script, at ?? new IPEndPoint(IPAddress.Loopback, 0));

    public async ValueTask DisposeAsync()
    {
        // A test that plays "the server is away" ends it before its own end does.
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        await _accepting.WaitAsync(EndLimit);
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                conversations.Add(ConverseAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // What a script has thrown, such as a failed assertion, fails the test here.
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            var reader = new WireReader(client.GetStream());
            while (await reader.ReadHeadAsync(_end.Token) is { } head)
            {
                Interlocked.Increment(ref _requests);
                var exchange = new RawExchange(client, reader, head, _end.Token);
                await Script(exchange);
                if (exchange.IsOver)
                {
                    return;
                }

                await exchange.ReadRequestAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
    }
}
