namespace FathomGateway.Limits.Connections;

/// <summary>
/// Chooses connections to close to make room. First, the oldest that have sent no request for a while. Second, idle ones, and those that
/// may be about to send their first request, by idle time. Third, those whose request has moved no data for a minute, by the length of the
/// stall.
/// </summary>
/// <param name="connections">The candidates.</param>
/// <param name="mark">Called for each chosen connection. It may only record it.</param>
internal sealed class ConnectionEviction(OpenConnections connections, Action<ClientConnection, EvictionReason> mark)
{
    /// <summary>
    /// Time without data after which a request counts as stalled: nginx's limit between two reads of a body and between two writes of a
    /// response.
    /// </summary>
    private const long StallMilliseconds = 60_000;

    /// <summary>
    /// Age from which a connection without a request may be closed while memory, not descriptors, is short. Closing a new connection would
    /// free nothing.
    /// </summary>
    private const long MinUnusedAgeMilliseconds = 1_000;

    /// <summary>
    /// Age from which a connection without a request is closed before any idle one. On a busy machine, the first request of a younger
    /// connection may have arrived and not been read yet.
    /// </summary>
    private const long UnusedBeforeIdleMilliseconds = 5_000;

    /// <summary>Connections to find in one pass.</summary>
    private const int Batch = 32;

    /// <summary>Pause after a pass that finds nothing, so that many refused clients do not cost a pass each.</summary>
    private const long PauseMilliseconds = 100;

    private readonly Lock _gate = new();
    private readonly List<ClientConnection> _all = [];
    private readonly Stack<Candidate> _candidates = [];
    private long _emptyUntil = long.MinValue;

    /// <summary>Chooses at least one connection, until enough memory is freed.</summary>
    /// <returns>Whether enough memory is freed.</returns>
    public bool Choose(long memory, bool descriptorsAreShort, long now, List<ClientConnection> chosen)
    {
        lock (_gate)
        {
            do
            {
                if (Next(descriptorsAreShort ? 0 : MinUnusedAgeMilliseconds, now) is not { } candidate) return false;
                memory -= Take(candidate.Connection, candidate.Reason, chosen);
            }
            while (memory > 0);
            return true;
        }
    }

    /// <summary>Chooses the connections with the most memory, whatever they do.</summary>
    /// <param name="memory">Bytes to free.</param>
    /// <param name="atLeast">Smallest size of a chosen connection in bytes.</param>
    /// <param name="size">Bytes by which connections are compared.</param>
    /// <param name="chosen">Receives the connections.</param>
    /// <returns>Bytes that will be freed.</returns>
    public long ChooseLargest(long memory, long atLeast, Func<ClientConnection, long> size, List<ClientConnection> chosen)
    {
        long freed = 0;
        lock (_gate)
        {
            connections.CopyTo(_all);
            foreach (var largest in _all.Where(one => !one.IsClosing && size(one) >= atLeast).OrderByDescending(size))
            {
                if (freed >= memory) break;
                freed += Take(largest, EvictionReason.Largest, chosen);
            }

            _all.Clear();
        }

        return freed;
    }

    private long Take(ClientConnection connection, EvictionReason reason, List<ClientConnection> chosen)
    {
        var memory = connection.Cost + connection.Held;
        mark(connection, reason);
        chosen.Add(connection);
        return memory;
    }

    private Candidate? Next(long minUnusedAge, long now)
    {
        while (true)
        {
            while (_candidates.TryPop(out var candidate))
            {
                // The connection may have sent a request or ended since it was found.
                if (Rank(candidate.Connection, minUnusedAge, now) is not { } still || still.Reason != candidate.Reason) continue;
                if (still.Since == candidate.Since || still.Reason == EvictionReason.Stalled) return candidate;
            }

            if (now < _emptyUntil) return null;
            FindCandidates(minUnusedAge, now);
            if (_candidates.Count > 0) continue;
            _emptyUntil = now + PauseMilliseconds;
            return null;
        }
    }

    private void FindCandidates(long minUnusedAge, long now)
    {
        connections.CopyTo(_all);
        // The order of the queue is reversed: its front is the last candidate, which an earlier one replaces.
        var first = new PriorityQueue<Candidate, Candidate>(Comparer<Candidate>.Create((one, other) => other.CompareTo(one)));
        foreach (var connection in _all)
        {
            if (Rank(connection, minUnusedAge, now) is not { } candidate) continue;
            if (first.Count < Batch) first.Enqueue(candidate, candidate);
            else first.EnqueueDequeue(candidate, candidate);
        }

        while (first.TryDequeue(out var candidate, out _)) _candidates.Push(candidate);
        _all.Clear();
    }

    private static Candidate? Rank(ClientConnection connection, long minUnusedAge, long now)
    {
        if (connection.IsClosing) return null;
        if (!connection.HasSentRequest && now - connection.Opened < minUnusedAge) return null;
        if (!connection.HasSentRequest)
        {
            var order = now - connection.Opened < UnusedBeforeIdleMilliseconds ? 1 : 0;
            return new(connection, EvictionReason.Unused, connection.Opened, order);
        }

        if (connection.RequestsUnderWay == 0) return new(connection, EvictionReason.Idle, connection.LastMoved, 1);
        if (now - connection.LastMoved < StallMilliseconds) return null;
        return connection.Silence(now) is var silence and >= StallMilliseconds
            ? new(connection, EvictionReason.Stalled, now - silence, 2)
            : null;
    }

    /// <param name="Order">A lower order is closed first; within one order, the oldest.</param>
    private readonly record struct Candidate(
        ClientConnection Connection, EvictionReason Reason, long Since, int Order) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) => (Order, Since).CompareTo((other.Order, other.Since));
    }
}
