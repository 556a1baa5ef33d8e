using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>
/// Deletes expired events. It also runs where <c>EVENTS_URL</c> is not set. Then it first ends the retries of events that have waited for
/// the three days of attempts, so that these expire as well.
/// </summary>
/// <param name="options">Null where no receiver is configured.</param>
internal sealed class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log, EventsOptions? options = null)
    : PeriodicSweep(clock, log)
{
    /// <summary>Rounds of a thousand rows: as many rows as a thousand deliveries a second leave in a minute.</summary>
    private const int MaxRounds = 60;

    public override async Task RunAsync(CancellationToken cancel)
    {
        if (options is null) await RepeatAsync(stop => outbox.EndRetriesAsync(RetrySchedule.MaxAge, stop), MaxRounds, cancel);
        await RepeatAsync(outbox.DeleteOldAsync, MaxRounds, cancel);
    }
}
