using System.Collections.Concurrent;
using System.Diagnostics;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// The backend, byte by byte: does what the target of each request says, well or badly, and holds what reaches it against the model.
/// </summary>
internal sealed class SoakBackend : IAsyncDisposable
{
    /// <summary>A request that comes later than that was not sent before the stray bytes came, unless the machine stands still.</summary>
    private static readonly TimeSpan Crossing = TimeSpan.FromSeconds(2);

    private readonly SoakModel _model;
    private readonly Func<long, bool> _isExcused;
    private readonly ConcurrentDictionary<string, int> _arrivals = [];
    private readonly ConcurrentDictionary<string, bool> _spoiled = [];
    private readonly RawServer _server;

    /// <param name="isExcused">Whether a gateway was ended, killed or frozen since a point in time.</param>
    public SoakBackend(SoakModel model, Func<long, bool> isExcused)
    {
        (_model, _isExcused) = (model, isExcused);
        _server = RawServer.Start(AnswerAsync);
    }

    public string Address => $"{_server.Address}";

    public int Port => _server.Address.Port;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Whether this backend has broken the connection on which the request came: HTTP/1.1 cannot protect it then.</summary>
    public bool IsSpoiled(string id) => _spoiled.ContainsKey(id);

    public void Violate(string promise, SoakRequest request, string what) =>
        _model.Violate(promise, $"{request.Kind} {request.Variant} {request.Id}: {what}");

    /// <summary>Holds the body of a request against what its client sends.</summary>
    public void Check(SoakRequest request, WireMessage received)
    {
        if (!received.Body.AsSpan().SequenceEqual(request.RequestBody))
        {
            var whose = request.FaultOfPart(received.BodyText);
            Violate("exact", request, $"another body of {received.Body.Length} in place of {request.Sent} reached the backend: {whose}");
        }
        else if (received.Header("Trailer") is not null && !received.RawBodyText.EndsWith(request.LastChunk, StringComparison.Ordinal))
        {
            Violate("exact", request, "the request's trailer did not reach the backend");
        }
    }

    /// <summary>
    /// Reads on after unrequested bytes: the gateway is to close the connection, unless a request was on its way already.
    /// </summary>
    public async Task ExpectCloseAsync(RawExchange exchange, SoakRequest cause)
    {
        var strayed = Stopwatch.GetTimestamp();
        if (await exchange.Reader.ReadHeadAsync(exchange.ServerEnds) is { } head)
        {
            var met = SoakRequest.Parse(head.Target);
            Arrived(head.Method, met);
            _spoiled[met.Id] = true;
            var isLate = Stopwatch.GetElapsedTime(strayed) > Crossing && !_isExcused(strayed);
            if (isLate) Violate("exact", cause, "its connection was used again long after stray bytes had come on it");
        }

        exchange.Close();
    }

    private Task AnswerAsync(RawExchange exchange)
    {
        var request = SoakRequest.Parse(exchange.Head.Target);
        Arrived(exchange.Head.Method, request);
        return request.Kind switch
        {
            "echo" => SoakResponses.EchoAsync(exchange, request),
            "whole" => SoakResponses.WholeAsync(exchange, request, this),
            "expect" => SoakResponses.ExpectAsync(exchange, request, this),
            "early" => SoakStreams.EarlyAsync(exchange, request),
            "duplex" => SoakStreams.DuplexAsync(exchange, request),
            "endless" => SoakStreams.EndlessAsync(exchange, request),
            "swallow" => SoakStreams.SwallowAsync(exchange, request, this),
            "upgrade" => SoakUpgrades.EchoAsync(exchange, request),
            "socket" => SoakUpgrades.WebSocketAsync(exchange),
            "cut" => SoakBadResponses.CutAsync(exchange, request),
            "bodiless" => SoakBadResponses.BodilessAsync(exchange, request, this),
            "stray" => SoakBadResponses.StrayAsync(exchange, request, this),
            _ => throw new InvalidOperationException($"No script is called {request.Kind}."),
        };
    }

    /// <summary>Once; a safe request a second time, where a connection had gone stale.</summary>
    private void Arrived(string method, SoakRequest request)
    {
        var count = _arrivals.AddOrUpdate(request.Id, 1, (_, former) => former + 1);
        var most = method is "GET" or "HEAD" or "OPTIONS" ? 2 : 1;
        if (count > most) Violate("once", request, $"{method} reached the backend {count} times");
    }
}
