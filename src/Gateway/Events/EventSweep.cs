using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>Deletes expired events. It also runs where <c>EVENTS_URL</c> is no longer set.</summary>
internal sealed class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log) : PeriodicSweep(clock, log)
{
    /// <summary>Rounds of a thousand rows: as many as are delivered in a minute at a thousand a second.</summary>
    private const int MostRounds = 60;

    public override async Task RunAsync(CancellationToken cancel)
    {
        for (var round = 0; round < MostRounds && await outbox.ForgetAsync(cancel); round++)
        {
        }
    }
}
