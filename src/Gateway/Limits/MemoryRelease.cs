using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// Returns memory to the system after load and after a shortage. By default the runtime keeps it until the next full collection, which an
/// idle process does not make.
/// </summary>
internal sealed class MemoryRelease(ConnectionBudget budget, LimitEvents events) : BackgroundService
{
    /// <summary>Time between two looks, and the time without load, or without a shortage, after which memory is returned.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Bytes allocated in a period below which the process is idle. Its timers and health probes allocate less.</summary>
    private const long IdleBytes = 4_000_000;

    /// <summary>Bytes allocated since the last release that are worth another one, which stops all threads while it runs.</summary>
    private const long LoadBytes = 16_000_000;

    /// <summary>
    /// After a shortage memory is returned once connections hold less than a fourth of their limit, because the collection takes longer
    /// with more live memory.
    /// </summary>
    private const int ReleaseShare = 4;

    private long _allocated = GC.GetTotalAllocatedBytes();
    private long _released;
    private long _shortages;
    private bool _isAfterShortage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!IsDue()) continue;
            (_released, _isAfterShortage) = (_allocated, false);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private bool IsDue()
    {
        var (allocated, shortages) = (GC.GetTotalAllocatedBytes(), events.MemoryShortages);
        var (isIdle, isShort) = (allocated - _allocated < IdleBytes, shortages != _shortages);
        (_allocated, _shortages) = (allocated, shortages);
        _isAfterShortage |= isShort;
        if (isShort) return false;
        return (_isAfterShortage && budget.Memory < budget.Bounds.Memory / ReleaseShare) || (isIdle && allocated - _released > LoadBytes);
    }
}
