using FathomGateway.Tokens.Budget;

namespace FathomGateway.Tokens.Databases;

/// <summary>Deletes expired rows of the database once a minute, so that no table grows without limit.</summary>
internal abstract partial class PeriodicSweep(TimeProvider clock, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public abstract Task RunAsync(CancellationToken cancel);

    /// <param name="delete">Deletes a bounded number of rows, and returns whether there may be more.</param>
    protected static async Task RepeatAsync(Func<CancellationToken, Task<bool>> delete, int maxRounds, CancellationToken cancel)
    {
        for (var round = 0; round < maxRounds && await delete(cancel); round++)
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
                // The next round deletes the remaining rows. Other uses of the database log the outage.
                NotSwept(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A sweep of the database could not be finished.")]
    private static partial void NotSwept(ILogger log, Exception failure);
}

/// <summary>Deletes expired token calls, refused codes and disconnects.</summary>
internal sealed class StoreSweep(ConnectionStore connections, TokenCallStore calls, TimeProvider clock, ILogger<StoreSweep> log)
    : PeriodicSweep(clock, log)
{
    /// <summary>Rounds of a thousand rows. After a million disconnects on one day, later sweeps delete the rest.</summary>
    private const int MaxRounds = 20;

    public override async Task RunAsync(CancellationToken cancel)
    {
        await calls.DeleteOldAsync(cancel);
        await RepeatAsync(connections.DeleteOldDisconnectsAsync, MaxRounds, cancel);
    }
}
