using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events.Outbox;

/// <summary>
/// The metrics of the outbox: the number of events that wait, the number that are no longer retried, and the age of the oldest that waits.
/// </summary>
internal sealed class EventGauge(EventOutbox outbox, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>A count of few events reads an index. An alert needs no newer figure.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>The alert on the age of events waits for as long before it fires. The age is read in a moment.</summary>
    private static readonly TimeSpan MaxAgePeriod = TimeSpan.FromMinutes(5);

    /// <summary>A count that takes longer than two minutes fails, so the others take at most a fifteenth of the time.</summary>
    private static readonly TimeSpan MaxCountPeriod = TimeSpan.FromMinutes(30);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var counts = Figure(MaxCountPeriod, outbox.ReadStatisticsAsync);
        var age = Figure(MaxAgePeriod, outbox.ReadAgeAsync);
        Observe("fathom.events.waiting", "{event}", "Events that wait to be delivered.", counts, one => one.Waiting);
        Observe("fathom.events.resting", "{event}", "Events that were not taken for three days.", counts, one => one.Rested);
        Observe("fathom.events.oldest", "s", "How long the oldest of the events that wait has waited.", age, one => one.Seconds);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Observe<T>(string name, string unit, string description, CachedFigure<T> figure, Func<T, long> one)
        where T : class
    {
        metrics.Observe(name, unit, description, () => figure.Last is { } last ? new Measurement<long>[] { new(one(last)) } : []);
    }

    private CachedFigure<T> Figure<T>(TimeSpan maxPeriod, Func<CancellationToken, Task<T>> read)
        where T : class
    {
        return new CachedFigure<T>(clock, Period, maxPeriod, ReadAsync);

        async Task<T?> ReadAsync()
        {
            try
            {
                return await read(CancellationToken.None);
            }
            catch (ConnectionStoreUnavailableException)
            {
                return null;
            }
        }
    }
}
