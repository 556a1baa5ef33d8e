namespace FathomGateway.Limits;

/// <summary>
/// Closes connections when the heap itself is nearly full, whatever was charged: heads that are still on their way, what compression keeps and whatever else nobody
/// counts. Looks after each garbage collection, because a heap that grows is a heap that is collected.
/// </summary>
internal sealed partial class HeapPressure(ConnectionLedger ledger, TimeProvider time, ILogger<HeapPressure> log) : IHostedService
{
    /// <summary>Percent of the available memory beyond which connections are closed, and down to which. The runtime aborts the process when it needs more than 100.</summary>
    private const int Full = 65, Enough = 55;

    /// <summary>For what is closed to be given back, between two collections of all generations that cost a tenth of a second each.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly long _available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private int _isRelieving;
    private bool _isStopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = new Collection(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopped = true;
        return Task.CompletedTask;
    }

    private void Look()
    {
        if (!IsFull(GCKind.Any) || Interlocked.Exchange(ref _isRelieving, 1) != 0) return;
        _ = Task.Run(RelieveAsync);
    }

    private async Task RelieveAsync()
    {
        try
        {
            while (true)
            {
                // What was found may be garbage of the old generation.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
                ledger.IsHeapFull = IsFull(GCKind.FullBlocking);
                if (!ledger.IsHeapFull || _isStopped) return;
                ledger.Relieve(Live(GCKind.FullBlocking) - (_available / 100 * Enough));
                await Task.Delay(Pause, time);
            }
        }
        catch (Exception failure)
        {
            NotRelieved(log, failure);
        }
        finally
        {
            Volatile.Write(ref _isRelieving, 0);
        }
    }

    private bool IsFull(GCKind kind) => Live(kind) > _available / 100 * Full;

    /// <summary>What was alive after the last collection of this kind, as far as it could tell: the old generation counts whole after one of the young.</summary>
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
            pressure.Look();
            _ = new Collection(pressure);
        }
    }
}
