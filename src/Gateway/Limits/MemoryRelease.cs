using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// Returns memory to the system after load and after a shortage. By default the runtime keeps it until the next full collection, which a
/// process without load does not make.
/// </summary>
internal sealed class MemoryRelease(ConnectionBudget budget, LimitEvents events) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Bytes allocated in a period below which the process is idle. Its timers and health probes allocate less.</summary>
    private const long IdleBytes = 4_000_000;

    /// <summary>
    /// A period is quiet if it allocates less than this share, one in four, of the busiest one since the last release. A few clients that
    /// remain allocate too little for a full collection within minutes, and too much for an idle process.
    /// </summary>
    private const int QuietShare = 4;

    /// <summary>Quiet periods in a row before a release, so that a load with pauses of seconds is not stopped again and again.</summary>
    private const int QuietPeriods = 2;

    /// <summary>Bytes allocated since the last release that are worth another one, which stops all threads while it runs.</summary>
    private const long LoadBytes = 16_000_000;

    /// <summary>
    /// After a shortage memory is returned once connections hold less than a fourth of their limit, because the collection takes longer
    /// with more live memory.
    /// </summary>
    private const int ReleaseShare = 4;

    private long _allocated = GC.GetTotalAllocatedBytes();
    private long _released;
    private long _busiest;
    private int _quiet;
    private long _shortages;
    private bool _isAfterShortage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsAfterShortage() | IsAfterLoad())
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }

    private bool IsAfterLoad()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var period = allocated - _allocated;
        (_allocated, _busiest) = (allocated, Math.Max(_busiest, period));
        _quiet = period < Math.Max(IdleBytes, _busiest / QuietShare) ? _quiet + 1 : 0;
        if (_quiet < QuietPeriods || allocated - _released < LoadBytes) return false;
        (_released, _busiest, _quiet) = (allocated, period, 0);
        return true;
    }

    /// <summary>Does not count as a release after load, because connections that are still closing may hold memory.</summary>
    private bool IsAfterShortage()
    {
        var (before, memory) = (_shortages, budget.Memory);
        _shortages = events.MemoryShortages;
        _isAfterShortage |= _shortages != before;
        if (!_isAfterShortage || _shortages != before || memory >= budget.Bounds.Memory / ReleaseShare) return false;
        _isAfterShortage = false;
        return true;
    }
}
