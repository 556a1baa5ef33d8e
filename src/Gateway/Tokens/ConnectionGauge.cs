using System.Diagnostics.Metrics;
using FathomGateway.Keys;
using FathomGateway.Telemetry;

namespace FathomGateway.Tokens;

/// <summary>The metric <c>fathom.connections</c>: stored connections by status.</summary>
internal sealed class ConnectionGauge(ConnectionStore store, KeyRing ring, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>Counting reads the whole table.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var figure = new CachedFigure<Count>(clock, Period, CountAsync);
        metrics.Observe("fathom.connections", "{connection}", "Stored connections, by status.", () => Measure(figure.Last));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long>[] Measure(Count? count) => count is null ? [] :
    [
        new(count.All - count.ReconnectRequired, KeyValuePair.Create<string, object?>("status", ConnectionStatus.Connected)),
        new(count.ReconnectRequired, KeyValuePair.Create<string, object?>("status", ConnectionStatus.ReconnectRequired)),
    ];

    private async Task<Count?> CountAsync()
    {
        try
        {
            var (all, reconnectRequired) = await store.CountReconnectRequiredAsync(ring, CancellationToken.None);
            return new Count(all, reconnectRequired);
        }
        catch (ConnectionStoreUnavailableException)
        {
            return null;
        }
    }

    private sealed record Count(long All, long ReconnectRequired);
}
