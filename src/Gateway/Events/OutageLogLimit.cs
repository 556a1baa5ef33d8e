namespace FathomGateway.Events;

/// <summary>
/// Limits the lines about failures of one kind: one line for an outage and one for its end, and at most one outage a minute. An outage that
/// begins sooner after the last line is logged by the first failure after that minute.
/// </summary>
internal sealed class OutageLogLimit(TimeProvider clock)
{
    /// <summary>Shortest time between the lines about two outages.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _loggedAt;
    private bool _isLogged;

    /// <returns>Whether this failure has to be logged.</returns>
    public bool Fails()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_isLogged || (_loggedAt is { } at && clock.GetElapsedTime(at, now) < Interval)) return false;
            (_loggedAt, _isLogged) = (now, true);
            return true;
        }
    }

    /// <returns>Whether the end of an outage has to be logged.</returns>
    public bool Succeeds()
    {
        lock (_gate)
        {
            var wasLogged = _isLogged;
            _isLogged = false;
            return wasLogged;
        }
    }
}
