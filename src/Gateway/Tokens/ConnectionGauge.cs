using System.Diagnostics.Metrics;
using FathomGateway.Keys;
using FathomGateway.Telemetry;

namespace FathomGateway.Tokens;

/// <summary>How many connections there are, by status, for the metrics: counted once in a while, never while somebody waits.</summary>
internal sealed class ConnectionGauge(ConnectionStore store, KeyRing ring, GatewayMetrics metrics, TimeProvider clock) : IHostedService
{
    /// <summary>Counting reads the table; a figure half a minute old does for a chart, and an older one where the table is long.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Counting may take so small a part of the time that a thousand replicas together keep one connection busy with it, as long as that
    /// leaves a figure that says anything.
    /// </summary>
    private const int LargestShare = 1000;

    /// <summary>
    /// One slow count must not leave an old figure for most of a day. Where counting takes more than 3.6 s, a thousand replicas together
    /// are no longer held to one connection.
    /// </summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromHours(1);

    private TimeSpan _age = Age;
    private long? _countedAt;
    private (long Connected, long ReconnectRequired)? _count;
    private Task _counting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Observe("fathom.connections", "{connection}", "Stored connections, by status.", Look);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What was counted last; nothing before the first count and while the database is away.</summary>
    private IEnumerable<Measurement<long>> Look()
    {
        if (_counting.IsCompleted && (_countedAt is not { } at || clock.GetElapsedTime(at) > _age)) _counting = Task.Run(CountAsync);
        return _count is not { } count ? [] :
        [
            new(count.Connected, KeyValuePair.Create<string, object?>("status", "connected")),
            new(count.ReconnectRequired, KeyValuePair.Create<string, object?>("status", "reconnect_required")),
        ];
    }

    private async Task CountAsync()
    {
        var begun = clock.GetTimestamp();
        _countedAt = begun;
        try
        {
            var (all, waiting) = (
                await store.CountAsync(CancellationToken.None), await store.CountReconnectRequiredAsync(ring, CancellationToken.None));
            _count = (all - waiting, waiting);
        }
        catch (ConnectionStoreUnavailableException)
        {
            _count = null;
        }
        finally
        {
            // Also of a count that was given up: it took as much.
            _age = TimeSpan.FromTicks(Math.Clamp(clock.GetElapsedTime(begun).Ticks * LargestShare, Age.Ticks, LongestAge.Ticks));
        }
    }
}
