using FathomGateway.Tokens.Budget;

namespace FathomGateway.Tokens.Databases;

/// <summary>Deletes expired token calls, refused codes and disconnects.</summary>
internal sealed class StoreSweep(ConnectionStore connections, TokenCallStore calls, TimeProvider clock, ILogger<StoreSweep> log)
    : PeriodicSweep(clock, log)
{
    /// <summary>
    /// Rounds of <see cref="PeriodicSweep.BatchSize"/> rows. After a million disconnects on one day, later sweeps delete the rest.
    /// </summary>
    private const int MaxRounds = 20;

    public override async Task RunAsync(CancellationToken cancel)
    {
        await calls.DeleteOldAsync(cancel);
        await RepeatAsync(connections.DeleteOldDisconnectsAsync, MaxRounds, cancel);
    }
}
