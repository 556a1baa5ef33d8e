using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>
/// Forgets events whose time is over. It also runs where <c>EVENTS_URL</c> was taken away: what still waits then rests when its three days
/// of tries would be over, and is forgotten like everything that rests.
/// </summary>
/// <param name="options">Null where nobody delivers.</param>
internal sealed class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log, EventsOptions? options = null)
    : PeriodicSweep(clock, log)
{
    /// <summary>A thousand each: as many as are delivered in a minute at a thousand a second. The rest waits for the next rounds.</summary>
    private const int MostRounds = 60;

    public override async Task RunAsync(CancellationToken cancel)
    {
        for (var round = 0; options is null && round < MostRounds && await outbox.RestAsync(RetrySchedule.LongestAge, cancel); round++)
        {
        }

        for (var round = 0; round < MostRounds && await outbox.ForgetAsync(cancel); round++)
        {
        }
    }
}
