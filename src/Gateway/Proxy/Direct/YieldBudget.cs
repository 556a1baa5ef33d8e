namespace FathomGateway.Proxy.Direct;

/// <summary>
/// How much one body may move before others have their turn. Sockets complete inline on one thread for two cores; a body whose both ends are
/// always ready would keep that thread for as long as the buffers of its sockets last, which is megabytes. Of 1,500 such bodies at once, the
/// last began after four seconds.
/// </summary>
internal struct YieldBudget
{
    /// <summary>Bytes: a fraction of a millisecond.</summary>
    private const int Most = 256 * 1024;

    /// <summary>Bodies under way up to which all go on where they are: a turn costs as much CPU time as 64 kB.</summary>
    private const int Few = 64;

    private static int _underWay;

    private int _moved;

    /// <summary>Whether there are so many bodies that turns are worth their cost.</summary>
    public static bool IsCrowded => Volatile.Read(ref _underWay) > Few;

    /// <summary>Says that one more body is under way, or with -1 one fewer.</summary>
    public static void Count(int bodies) => Interlocked.Add(ref _underWay, bodies);

    /// <summary>Moves a body that counts as under way meanwhile.</summary>
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

    /// <param name="bytes">What has moved.</param>
    /// <param name="hasWaited">Whether the socket had to be waited for, which is a turn of others.</param>
    /// <returns>
    /// Whether the turn is over and the next one begins: to be gone on with by way of the thread pool where it <see cref="IsCrowded"/>.
    /// </returns>
    public bool IsOver(int bytes, bool hasWaited)
    {
        _moved = hasWaited ? bytes : _moved + bytes;
        if (_moved < Most) return false;
        _moved = 0;
        return true;
    }
}
