using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Backend;

/// <summary>A backend that counts its connections, and never closes one itself.</summary>
internal sealed class RecordedConnections : IAsyncDisposable
{
    private readonly RawServer _server;
    private int _requests;
    private int _ended;

    public RecordedConnections() => _server = RawServer.Start(AnswerAsync);

    public Uri Address => _server.Address;

    public int Requests => _requests;

    public int Opened => _server.Connections;

    public int Open => _server.Connections - _ended;

    /// <summary>What each answer waits for.</summary>
    public Func<Task> BeforeEachAnswer { get; set; } = () => Task.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Takes the connection over with its first request, so that its end is seen here.</summary>
    private async Task AnswerAsync(RawExchange exchange)
    {
        try
        {
            for (var head = exchange.Head; head is not null; head = await exchange.Reader.ReadHeadAsync(exchange.ServerEnds))
            {
                Interlocked.Increment(ref _requests);
                await BeforeEachAnswer();
                await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {head.Target.Length}\r\n\r\n{head.Target}");
            }
        }
        finally
        {
            Interlocked.Increment(ref _ended);
            exchange.Close();
        }
    }
}
