using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// Closes connections when the heap itself is nearly full, whatever was charged: heads that are still on their way, what compression keeps
/// and whatever else nobody counts. Looks after each garbage collection, because a heap that grows is a heap that is collected.
/// </summary>
/// <remarks>On a thread of its own: the thread pool has a long queue when this matters.</remarks>
internal sealed partial class HeapPressure(ConnectionBudget ledger, LimitEvents events, ILogger<HeapPressure> log) : IHostedService
{
    /// <summary>
    /// Percent of the available memory beyond which connections are closed, and down to which. The runtime aborts the process when it needs
    /// more than 100.
    /// </summary>
    private const int Full = 65, Enough = 55;

    /// <summary>
    /// Milliseconds for what is closed to be given back, between two collections of all generations, which cost a tenth of a second each.
    /// </summary>
    private const int Pause = 200;

    /// <summary>
    /// Milliseconds between two counts of unfinished heads. A count takes less than one for ten thousand connections, and 250 kB/ms is as
    /// fast as a crowd was seen to fill the memory.
    /// </summary>
    private const int CountPause = 50;

    /// <summary>Milliseconds of calm after which the memory that a crowd has used is given back to the system.</summary>
    private const int Calm = 10_000;

    /// <summary>The part of what connections may hold below which a crowd has gone: the more is held, the longer everybody waits.</summary>
    private const int GivesBackBelow = 4;

    private readonly long _available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private readonly object _collected = new();
    private volatile bool _isStopped;
    private long _shortages;
    private long _lastShortage;
    private long _lastCount;
    private bool _isToGiveBack;

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
                if (!_isStopped) Monitor.Wait(_collected, Calm);
            }

            try
            {
                Look(Environment.TickCount64);
            }
            catch (Exception failure)
            {
                NotRelieved(log, failure);
            }
        }
    }

    private void Look(long now)
    {
        if (ledger.MayHoldManyHeads && now - _lastCount >= CountPause)
        {
            _lastCount = now;
            ledger.ChargeUnfinishedHeads();
        }

        if (IsFull(GCKind.Any))
        {
            Relieve();
            Thread.Sleep(Pause);
        }

        if (events.MemoryShortages != _shortages)
        {
            (_shortages, _lastShortage, _isToGiveBack) = (events.MemoryShortages, now, true);
        }
        else if (_isToGiveBack && now - _lastShortage >= Calm && ledger.Memory < ledger.Bounds.Memory / GivesBackBelow)
        {
            _isToGiveBack = false;
            // Left to itself, the runtime keeps what a crowd has used.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private void Relieve()
    {
        // What was found may be garbage of the old generation.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        ledger.IsHeapFull = IsFull(GCKind.FullBlocking);
        if (ledger.IsHeapFull) ledger.Relieve(Live(GCKind.FullBlocking) - (_available / 100 * Enough));
    }

    private void Wake()
    {
        lock (_collected) Monitor.Pulse(_collected);
    }

    private bool IsFull(GCKind kind) => Live(kind) > _available / 100 * Full;

    /// <summary>
    /// What was alive after the last collection of this kind, as far as it could tell: the old generation counts whole after one of the
    /// young.
    /// </summary>
    private static long Live(GCKind kind)
    {
        var heap = GC.GetGCMemoryInfo(kind);
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Connections could not be closed although the heap is nearly full.")]
    private static partial void NotRelieved(ILogger log, Exception failure);

    /// <summary>Garbage from the beginning: its finalizer runs after the next collection.</summary>
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
