using System.Diagnostics.Metrics;
using FathomGateway.Keys;
using FathomGateway.Telemetry;

namespace FathomGateway.Tokens;

/// <summary>The metric <c>fathom.connections</c>: stored connections by status.</summary>
internal sealed class ConnectionGauge(ConnectionStore store, KeyRing ring, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>Counting reads the whole table.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The alert on connections waits for as long before it fires. A count that takes longer than two minutes fails, so the others take at
    /// most a fifteenth of the time.
    /// </summary>
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromMinutes(30);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var figure = new CachedFigure<Measurement<long>[]>(clock, Period, MaxPeriod, CountAsync);
        metrics.Observe("fathom.connections", "{connection}", "Stored connections, by status.", () => figure.Last ?? []);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Measurement<long>[]?> CountAsync()
    {
        try
        {
            var (all, reconnectRequired) = await store.CountReconnectRequiredAsync(ring, CancellationToken.None);
            return
            [
                new(all - reconnectRequired, KeyValuePair.Create<string, object?>("status", ConnectionStatus.Connected)),
                new(reconnectRequired, KeyValuePair.Create<string, object?>("status", ConnectionStatus.ReconnectRequired)),
            ];
        }
        catch (ConnectionStoreUnavailableException)
        {
            return null;
        }
    }
}
