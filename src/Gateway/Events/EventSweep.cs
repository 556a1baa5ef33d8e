namespace FathomGateway.Events;

/// <summary>Once a minute, forgets events whose time is over. It also runs where no events are wanted any more.</summary>
internal sealed partial class EventSweep(EventOutbox outbox, TimeProvider clock, ILogger<EventSweep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A thousand each: as many as are delivered in a minute at a thousand a second. The rest waits for the next rounds.</summary>
    private const int MostRounds = 60;

    /// <summary>One sweep.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        for (var round = 0; round < MostRounds && await outbox.ForgetAsync(cancel); round++)
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The next round does what this one has left.
                NotSwept(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Old events could not be deleted.")]
    private static partial void NotSwept(ILogger log, Exception failure);
}
