using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Forgets what nobody asks for any more: token calls, refused codes, disconnects.</summary>
internal sealed class StoreSweep(ConnectionStore connections, TokenCallStore calls, TimeProvider clock, ILogger<StoreSweep> log)
    : PeriodicSweep(clock, log)
{
    /// <summary>A thousand each: after a day on which a million users have disconnected, the rest waits for the next rounds.</summary>
    private const int MostRounds = 20;

    public override async Task RunAsync(CancellationToken cancel)
    {
        await calls.ForgetAsync(cancel);
        for (var round = 0; round < MostRounds && await connections.ForgetDisconnectsAsync(cancel); round++)
        {
        }
    }
}
