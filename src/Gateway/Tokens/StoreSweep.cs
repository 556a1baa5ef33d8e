namespace FathomGateway.Tokens;

/// <summary>Once a minute, forgets what nobody asks for any more: token calls, refused codes, disconnects. Nothing only grows.</summary>
internal sealed partial class StoreSweep(
    ConnectionStore connections, TokenCallStore calls, TimeProvider clock, ILogger<StoreSweep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A thousand each: after a day on which a million users have disconnected, the rest waits for the next rounds.</summary>
    private const int MostRounds = 20;

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        await calls.ForgetAsync(cancel);
        for (var round = 0; round < MostRounds && await connections.ForgetDisconnectsAsync(cancel); round++)
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
                // The next round does what this one has left. Whoever needs the database says that it is away.
                NotSwept(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A sweep of the database could not be finished.")]
    private static partial void NotSwept(ILogger log, Exception failure);
}
