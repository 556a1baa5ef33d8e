using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Tcp;

/// <summary>On which threads the requests of an HTTP client to one port complete: .NET measures each there.</summary>
internal sealed class HttpCompletions : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<bool> _onSocketThread = [];

    /// <param name="completing">Called by the thread that completes, which may be made to wait.</param>
    public HttpCompletions(int port, Action? completing = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is not { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" }) return;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name != "server.port" || value is not int to || to != port) continue;
                _onSocketThread.Enqueue(SocketThread.IsCurrent);
                completing?.Invoke();
            }
        });
        _listener.Start();
    }

    /// <summary>Of each completed request, whether it was on a socket thread.</summary>
    public IReadOnlyList<bool> OnSocketThread => [.. _onSocketThread];

    public void Dispose() => _listener.Dispose();
}
