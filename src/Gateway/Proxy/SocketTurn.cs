namespace FathomGateway.Proxy;

/// <summary>
/// How much one body may move before others have their turn. Sockets complete inline on one thread for two cores; a body whose both ends are
/// always ready would keep that thread for as long as the buffers of its sockets last, which is megabytes. Of 1,500 such bodies at once, the
/// last began after four seconds.
/// </summary>
internal struct SocketTurn
{
    /// <summary>Bytes: a fraction of a millisecond, beside which going on by way of the thread pool costs next to nothing.</summary>
    private const int Most = 256 * 1024;

    private int _moved;

    /// <param name="bytes">What has moved.</param>
    /// <param name="hasWaited">Whether the socket had to be waited for, which is a turn of others.</param>
    /// <returns>Whether to go on by way of the thread pool: the turn is over, and the next one begins.</returns>
    public bool IsOver(int bytes, bool hasWaited)
    {
        _moved = hasWaited ? bytes : _moved + bytes;
        if (_moved < Most) return false;
        _moved = 0;
        return true;
    }
}
