using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// Charges unfinished heads, and closes connections when the heap is nearly full, whatever is charged. This bounds memory that is not
/// counted, such as HPACK state. Runs after each garbage collection, because a growing heap is collected often, and more often while there
/// are many connections.
/// </summary>
/// <remarks>Uses a thread of its own, because the thread pool has a long queue in this situation.</remarks>
internal sealed partial class HeapPressure(ConnectionBudget budget, ILogger<HeapPressure> log) : IHostedService
{
    /// <summary>
    /// Percent of the available memory above which connections are closed. The runtime aborts the process when all of it is used.
    /// </summary>
    private const int FullPercent = 65;

    /// <summary>Percent of the available memory down to which connections are closed.</summary>
    private const int TargetPercent = 55;

    /// <summary>
    /// Time for closed connections to be freed, between two full collections, which take a tenth of a second each.
    /// </summary>
    private const int PauseMilliseconds = 200;

    /// <summary>Time between two counts of unfinished heads. In a test, many clients filled 250 kB of memory per millisecond.</summary>
    private const int CountPauseMilliseconds = 25;

    /// <summary>Unfinished heads are counted when this share, one in so many, of the memory of connections was allocated since.</summary>
    private const int CountShare = 64;

    /// <summary>Time between two checks without a collection.</summary>
    private const int IdlePauseMilliseconds = 10_000;

    /// <summary>
    /// How long the heap counts as full after connections were closed because of it, unless the next full collection says otherwise. Many
    /// clients fill it again sooner.
    /// </summary>
    private const int MinFullMilliseconds = 10_000;

    private readonly long _available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private readonly object _collected = new();
    private volatile bool _isStopped;
    private long _freed;
    private long _lastCount;
    private long _allocated;
    private long _fullSince = -MinFullMilliseconds;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = new Collection(this);
        new Thread(Run) { IsBackground = true, Name = "Heap pressure" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopped = true;
        Wake();
        return Task.CompletedTask;
    }

    private void Run()
    {
        while (!_isStopped)
        {
            lock (_collected)
            {
                if (!_isStopped) Monitor.Wait(_collected, budget.MayHoldManyHeads ? CountPauseMilliseconds : IdlePauseMilliseconds);
            }

            try
            {
                Check(Environment.TickCount64);
            }
            catch (Exception failure)
            {
                NotRelieved(log, failure);
            }
        }
    }

    private void Check(long now)
    {
        if (budget.MayHoldManyHeads && now - _lastCount >= CountPauseMilliseconds) CountHeads(now);

        if (!IsFull(GCKind.Any))
        {
            // The runtime may have made a full collection since the last check.
            if (now - _fullSince >= MinFullMilliseconds) budget.IsHeapFull = false;
            return;
        }

        if (now - _freed < PauseMilliseconds) return;
        FreeMemory();
        _freed = Environment.TickCount64;
    }

    private void CountHeads(long now)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated < budget.Bounds.Memory / CountShare) return;
        (_lastCount, _allocated) = (now, allocated);
        budget.ChargeUnfinishedHeads();
    }

    private void FreeMemory()
    {
        // The memory may be garbage of the old generation.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        budget.IsHeapFull = IsFull(GCKind.FullBlocking);
        if (!budget.IsHeapFull) return;
        _fullSince = Environment.TickCount64;
        budget.FreeMemory(Live(GCKind.FullBlocking) - (_available / 100 * TargetPercent));
    }

    private void Wake()
    {
        lock (_collected) Monitor.Pulse(_collected);
    }

    private bool IsFull(GCKind kind) => Live(kind) > _available / 100 * FullPercent;

    /// <summary>
    /// Live bytes after the last collection of this kind. After a collection of the young generations, all of the old generation counts as
    /// live.
    /// </summary>
    private static long Live(GCKind kind)
    {
        var heap = GC.GetGCMemoryInfo(kind);
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Connections could not be closed although the heap is nearly full.")]
    private static partial void NotRelieved(ILogger log, Exception failure);

    /// <summary>Unreachable from the start, so its finalizer runs after the next collection.</summary>
    private sealed class Collection(HeapPressure pressure)
    {
        ~Collection()
        {
            if (pressure._isStopped || Environment.HasShutdownStarted) return;
            pressure.Wake();
            _ = new Collection(pressure);
        }
    }
}
