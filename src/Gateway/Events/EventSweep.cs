using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>Forgets events whose time is over. It also runs where no events are wanted any more.</summary>
internal sealed class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log) : PeriodicSweep(clock, log)
{
    /// <summary>A thousand each: as many as are delivered in a minute at a thousand a second. The rest waits for the next rounds.</summary>
    private const int MostRounds = 60;

    public override async Task RunAsync(CancellationToken cancel)
    {
        for (var round = 0; round < MostRounds && await outbox.ForgetAsync(cancel); round++)
        {
        }
    }
}
