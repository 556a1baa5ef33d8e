using System.Collections.Concurrent;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Internal;

/// <summary>A provider's API that answers by script, byte for byte, and keeps every request.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    public const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    public const string Unauthorized = "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nrefused";

    private readonly RawServer _server;
    private readonly ConcurrentQueue<WireMessage> _requests = [];

    private ScriptedApi(Func<WireMessage, Task<string>> script) => _server = RawServer.Start(async exchange =>
    {
        var request = await exchange.ReadRequestAsync();
        _requests.Enqueue(request);
        await exchange.SendAsync(await script(request));
    });

    /// <summary>The base that the gateway is given; it has a path, which no relayed request may leave.</summary>
    public string BaseUrl => $"{_server.Address}external/v1";

    public IReadOnlyList<WireMessage> Requests => [.. _requests];

    /// <summary>The access tokens that came along, in order.</summary>
    public IEnumerable<string?> Credentials => Requests.Select(request => request.Header("Authorization"));

    public static ScriptedApi Start(Func<WireMessage, string> script) => new(request => Task.FromResult(script(request)));

    /// <summary>The script may wait for something, or change something, before it answers.</summary>
    public static ScriptedApi Start(Func<WireMessage, Task<string>> script) => new(script);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
