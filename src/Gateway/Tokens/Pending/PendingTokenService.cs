using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Drains pending tokens every few seconds and counts them for the metrics. Without pending tokens, a round costs one command to Redis.
/// </summary>
internal sealed partial class PendingTokenService(
    PendingTokenStore pending, PendingTokenDrain drain, PendingTokens memory, GatewayMetrics metrics, TimeProvider clock,
    ILogger<PendingTokenService> log) : BackgroundService
{
    /// <summary>Pending tokens are stored within half a minute after the database serves again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private long _inRedis;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Observe(
            "fathom.rescued_tokens",
            "{token}",
            "Issued tokens that wait for the database, by where they are: in Redis (as every replica sees it), or in this process's "
                + "memory alone.",
            Measure);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                // While Redis is down the last count is kept: the tokens may still be there.
                _inRedis = await pending.CountAsync() ?? _inRedis;
                if (_inRedis == 0) continue;
                await drain.AllAsync(stoppingToken);
                memory.EndOutage();
                _inRedis = await pending.CountAsync() ?? _inRedis;
            }
            catch (ConnectionStoreUnavailableException)
            {
                // PendingTokens has logged the outage; the next round comes soon.
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: the process continues.
                NotDrained(log, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> Measure() =>
    [
        new(_inRedis, KeyValuePair.Create<string, object?>("place", "redis")),
        new(memory.InMemory, KeyValuePair.Create<string, object?>("place", "memory")),
    ];

    [LoggerMessage(Level = LogLevel.Error, Message = "Pending tokens could not be drained; trying again.")]
    private static partial void NotDrained(ILogger log, Exception failure);
}
