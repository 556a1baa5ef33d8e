using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>
/// The metrics of the outbox: the number of events that wait, the number that are no longer retried, and the age of the oldest that waits.
/// </summary>
internal sealed class EventGauge(EventOutbox outbox, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>A count reads an index. An alert needs no newer figure.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var figure = new CachedFigure<OutboxStatistics>(clock, Period, ReadAsync);
        Observe("fathom.events.waiting", "{event}", "Events that wait to be delivered.", statistics => statistics.Waiting);
        Observe("fathom.events.resting", "{event}", "Events that were not taken for three days.", statistics => statistics.Rested);
        Observe("fathom.events.oldest", "s", "How long the oldest of the events that wait has waited.", OldestSeconds);
        return Task.CompletedTask;

        void Observe(string name, string unit, string description, Func<OutboxStatistics, long> one) => metrics.Observe(
            name, unit, description, () => figure.Last is { } last ? new Measurement<long>[] { new(one(last)) } : []);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static long OldestSeconds(OutboxStatistics statistics) =>
        statistics.Oldest is { } oldest ? Math.Max(0, (long)(statistics.Now - oldest).TotalSeconds) : 0;

    private async Task<OutboxStatistics?> ReadAsync()
    {
        try
        {
            return await outbox.ReadStatisticsAsync(CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException)
        {
            return null;
        }
    }
}
