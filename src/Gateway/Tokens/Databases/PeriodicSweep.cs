namespace FathomGateway.Tokens.Databases;

/// <summary>Tidies tables of the database once a minute, so that none grows without limit.</summary>
internal abstract partial class PeriodicSweep(TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>Most rows that one statement of a sweep reads or deletes, so that it does not hold its locks for long.</summary>
    public const int BatchSize = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public abstract Task RunAsync(CancellationToken cancel);

    /// <param name="step">Tidies a bounded number of rows, and returns whether there may be more.</param>
    protected static async Task RepeatAsync(Func<CancellationToken, Task<bool>> step, int maxRounds, CancellationToken cancel)
    {
        for (var round = 0; round < maxRounds && await step(cancel); round++)
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
                // The next round does the rest. Other uses of the database log the outage.
                NotSwept(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A sweep of the database could not be finished.")]
    private static partial void NotSwept(ILogger log, Exception failure);
}
