using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>How many events wait and rest, and how long the oldest has waited, for whoever fetches the metrics.</summary>
internal sealed class EventGauge(EventOutbox outbox, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>Counting reads an index; a figure of this age does for an alert.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(15);

    private long? _lookedAt;
    private OutboxLook? _look;
    private Task _looking = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Observe("fathom.events.waiting", "{event}", "Events that wait to be delivered.", () => Read(look => look.Waiting));
        metrics.Observe("fathom.events.resting", "{event}", "Events that were not taken for three days.", () => Read(look => look.Rested));
        metrics.Observe("fathom.events.oldest", "s", "How long the oldest of the events that wait has waited.", () => Read(OldestSeconds));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static long OldestSeconds(OutboxLook look) =>
        look.Oldest is { } oldest ? Math.Max(0, (long)(look.Now - oldest).TotalSeconds) : 0;

    /// <summary>What was counted last; nothing before the first count and while the database is away.</summary>
    private Measurement<long>[] Read(Func<OutboxLook, long> figure)
    {
        if (_looking.IsCompleted && (_lookedAt is not { } at || clock.GetElapsedTime(at) > Age)) _looking = Task.Run(LookAsync);
        return _look is { } look ? [new(figure(look))] : [];
    }

    private async Task LookAsync()
    {
        _lookedAt = clock.GetTimestamp();
        try
        {
            _look = await outbox.LookAsync(CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException)
        {
            _look = null;
        }
    }
}
