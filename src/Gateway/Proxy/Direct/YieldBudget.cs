namespace FathomGateway.Proxy.Direct;

/// <summary>
/// How many bytes one body may move before its copy loop yields the thread. Sockets complete inline on one thread for two cores. A body
/// whose both ends are always ready would keep that thread until the socket buffers are empty, which is megabytes. Of 1,500 such bodies at
/// once, the last began after four seconds.
/// </summary>
internal struct YieldBudget
{
    /// <summary>Bytes. Moving them takes a fraction of a millisecond.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <summary>Number of bodies in progress up to which no copy loop yields. A yield costs as much CPU time as 64 kB.</summary>
    private const int MaxBodiesWithoutYield = 64;

    private static int _underWay;

    private int _moved;

    /// <summary>Whether there are enough bodies in progress to make yielding worth its cost.</summary>
    public static bool IsCrowded => Volatile.Read(ref _underWay) > MaxBodiesWithoutYield;

    /// <summary>Adds to the number of bodies in progress: 1 for a new one, -1 for one that has ended.</summary>
    public static void Count(int bodies) => Interlocked.Add(ref _underWay, bodies);

    /// <summary>Runs a copy that counts as a body in progress.</summary>
    public static async Task CountAsync(Func<Task> move)
    {
        Count(1);
        try
        {
            await move();
        }
        finally
        {
            Count(-1);
        }
    }

    /// <param name="bytes">Bytes that have moved.</param>
    /// <param name="hasWaited">Whether the loop had to wait for the socket. Other bodies had their turn then.</param>
    /// <returns>Whether the budget is spent. The loop should then yield to the thread pool where <see cref="IsCrowded"/>.</returns>
    public bool IsSpent(int bytes, bool hasWaited)
    {
        _moved = hasWaited ? bytes : _moved + bytes;
        if (_moved < MaxBytes) return false;
        _moved = 0;
        return true;
    }
}
