using System.Collections.Concurrent;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>A backend that keeps the exact bytes of every request and answers with the exact bytes that the test chooses.</summary>
internal sealed class RecordingBackend : IAsyncDisposable
{
    /// <summary>What is answered unless the test says otherwise.</summary>
    public const string DefaultResponse = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nbackend";

    private readonly ConcurrentQueue<WireMessage> _requests = [];
    private readonly RawServer _server;
    private Func<WireMessage, RawExchange, Task> _answer = (_, exchange) => exchange.SendAsync(DefaultResponse);

    private RecordingBackend() => _server = RawServer.Start(async exchange =>
    {
        var request = await exchange.ReadRequestAsync();
        _requests.Enqueue(request);
        await _answer(request, exchange);
    });

    public Uri Address => _server.Address;

    public int Connections => _server.Connections;

    /// <summary>The requests that arrived whole, in order of arrival.</summary>
    public IReadOnlyList<WireMessage> Requests => [.. _requests];

    /// <summary>The one request that arrived.</summary>
    public WireMessage Request => _requests.Single();

    public static RecordingBackend Start() => new();

    public void Answers(string response) => Answers(_ => Encoding.Latin1.GetBytes(response));

    /// <summary>Chooses the exact bytes of each response.</summary>
    public void Answers(Func<WireMessage, byte[]> response) => _answer = (request, exchange) => exchange.SendAsync(response(request));

    /// <summary>Takes the connection over after each request has been read and recorded: to stream, to upgrade, to break off.</summary>
    public void Answers(Func<WireMessage, RawExchange, Task> script) => _answer = script;

    /// <summary>
    /// Takes the connection over as soon as a head is there; such a request is recorded only if the script reads it to its end.
    /// </summary>
    public void AnswersBeforeTheBody(Func<RawExchange, Task> script) => _server.Script = async exchange =>
    {
        await script(exchange);
        if (!exchange.IsOver)
        {
            _requests.Enqueue(await exchange.ReadRequestAsync());
        }
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
