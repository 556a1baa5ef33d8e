using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Looks every few seconds whether pending tokens wait, which costs one command to Redis, and drains them once the database serves. Also
/// tells how many there are.
/// </summary>
internal sealed partial class PendingTokenService(
    PendingTokenStore pending, PendingTokenDrain drain, PendingTokens memory, GatewayMetrics metrics, TimeProvider clock,
    ILogger<PendingTokenService> log) : BackgroundService
{
    /// <summary>A small part of the half minute within which a database that is back has what waited for it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private long _inRedis;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Observe(
            "fathom.rescued_tokens",
            "{token}",
            "Issued tokens that wait for the database, by where they are: in Redis (as every replica sees it), or in this process's "
                + "memory alone.",
            Look);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                // While Redis is away, the last count stands: they may still be there.
                _inRedis = await pending.CountAsync() ?? _inRedis;
                if (_inRedis == 0) continue;
                await drain.AllAsync(stoppingToken);
                memory.EndOutage();
                _inRedis = await pending.CountAsync() ?? _inRedis;
            }
            catch (ConnectionStoreUnavailableException)
            {
                // Said often enough by whoever put them by; the next look comes soon.
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, nothing else must end for it.
                NotDrained(log, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> Look() =>
    [
        new(_inRedis, KeyValuePair.Create<string, object?>("place", "redis")),
        new(memory.InMemory, KeyValuePair.Create<string, object?>("place", "memory")),
    ];

    [LoggerMessage(Level = LogLevel.Error, Message = "Rescued tokens could not be drained; trying again.")]
    private static partial void NotDrained(ILogger log, Exception failure);
}
