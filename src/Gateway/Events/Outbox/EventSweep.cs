using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>
/// Deletes expired events, and makes queues due that the database's clock has left behind. It also runs where <c>EVENTS_URL</c> is not set.
/// Then it also ends the retries of events that have waited for the three days of attempts, so that these expire in turn.
/// </summary>
/// <param name="options">Null where no receiver is configured.</param>
internal sealed class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log, EventsOptions? options = null)
    : PeriodicSweep(clock, log)
{
    /// <summary>
    /// Rounds of <see cref="PeriodicSweep.BatchSize"/> rows: as many as a thousand deliveries a second leave in a minute.
    /// </summary>
    private const int MaxRounds = 60;

    public override async Task RunAsync(CancellationToken cancel)
    {
        await outbox.AdvanceQueuesAsync(cancel);
        await RepeatAsync(outbox.DeleteOldAsync, MaxRounds, cancel);
        // Last, because it may wait for a lock until it fails.
        if (options is null) await RepeatAsync(stop => outbox.EndRetriesAsync(RetrySchedule.MaxAge, stop), MaxRounds, cancel);
    }
}
