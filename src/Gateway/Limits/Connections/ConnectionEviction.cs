namespace FathomGateway.Limits.Connections;

/// <summary>
/// Chooses connections to be closed to make room: first those that have sent no request for a while, the oldest first; then idle ones, and
/// those that may be about to send their first request, the one that is idle longest first; then those with a request under way on which nothing has moved for a minute, the longest first.
/// </summary>
/// <param name="connections">All to choose from.</param>
/// <param name="mark">Is called for each that is chosen, and may not do more than note it down.</param>
internal sealed class ConnectionEviction(OpenConnections connections, Action<ClientConnection, EvictionReason> mark)
{
    /// <summary>Milliseconds: what nginx allows between two reads of a body, and between two writes of an answer.</summary>
    private const long Stall = 60_000;

    /// <summary>
    /// Milliseconds that a connection has for its first request while memory, and not descriptors, is short: closing one that has just been
    /// opened would free nothing.
    /// </summary>
    private const long FirstRequest = 1_000;

    /// <summary>
    /// Milliseconds after which a connection without a request is closed before any idle one. On a busy machine a first request may be
    /// there and not be read yet.
    /// </summary>
    private const long Unhurried = 5_000;

    /// <summary>Connections that are found in one look at all of them.</summary>
    private const int Batch = 32;

    /// <summary>
    /// Milliseconds between two looks that find nothing. A crowd that is refused must not make each refusal a look at thousands of
    /// connections.
    /// </summary>
    private const long Pause = 100;

    private readonly Lock _gate = new();
    private readonly List<ClientConnection> _all = [];
    private readonly Stack<Candidate> _candidates = [];
    private long _emptyUntil = long.MinValue;

    /// <summary>Chooses connections until enough memory is given back, one at least.</summary>
    /// <returns>Whether it is enough.</returns>
    public bool Choose(long memory, bool descriptorsAreShort, long now, List<ClientConnection> chosen)
    {
        lock (_gate)
        {
            do
            {
                if (Next(descriptorsAreShort ? 0 : FirstRequest, now) is not { } candidate) return false;
                memory -= Take(candidate.Connection, candidate.Reason, chosen);
            }
            while (memory > 0);
            return true;
        }
    }

    /// <summary>Chooses those that hold the most memory, whatever they are at.</summary>
    /// <param name="memory">What is to be given back.</param>
    /// <param name="atLeast">What a connection must hold to be chosen.</param>
    /// <param name="chosen">Gets them.</param>
    /// <returns>What is given back.</returns>
    public long ChooseLargest(long memory, long atLeast, List<ClientConnection> chosen)
    {
        long freed = 0;
        lock (_gate)
        {
            connections.CopyTo(_all);
            foreach (var largest in _all.Where(one => !one.IsClosing && one.Held >= atLeast).OrderByDescending(one => one.Held))
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

    private Candidate? Next(long youngest, long now)
    {
        while (true)
        {
            while (_candidates.TryPop(out var candidate))
            {
                // It may have sent a request since it was found, or ended.
                if (Rank(candidate.Connection, youngest, now) is not { } still || still.Reason != candidate.Reason) continue;
                if (still.Since == candidate.Since || still.Reason == EvictionReason.Stalled) return candidate;
            }

            if (now < _emptyUntil) return null;
            Look(youngest, now);
            if (_candidates.Count > 0) continue;
            _emptyUntil = now + Pause;
            return null;
        }
    }

    private void Look(long youngest, long now)
    {
        connections.CopyTo(_all);
        // The one that would be closed last comes out first, so that of all the first few remain.
        var first = new PriorityQueue<Candidate, Candidate>(Comparer<Candidate>.Create((one, other) => other.CompareTo(one)));
        foreach (var connection in _all)
        {
            if (Rank(connection, youngest, now) is not { } candidate) continue;
            if (first.Count < Batch) first.Enqueue(candidate, candidate);
            else first.EnqueueDequeue(candidate, candidate);
        }

        while (first.TryDequeue(out var candidate, out _)) _candidates.Push(candidate);
        _all.Clear();
    }

    private static Candidate? Rank(ClientConnection connection, long youngest, long now)
    {
        if (connection.IsClosing) return null;
        if (!connection.HasSentRequest && now - connection.Opened < youngest) return null;
        if (!connection.HasSentRequest) return new(connection, EvictionReason.Unused, connection.Opened, now - connection.Opened < Unhurried ? 1 : 0);
        if (connection.RequestsUnderWay == 0) return new(connection, EvictionReason.Idle, connection.LastMoved, 1);
        if (now - connection.LastMoved < Stall) return null;
        return connection.Silence(now) is var silence and >= Stall ? new(connection, EvictionReason.Stalled, now - silence, 2) : null;
    }

    /// <param name="Order">Those of a lower one are closed first, and of one order the oldest.</param>
    private readonly record struct Candidate(ClientConnection Connection, EvictionReason Reason, long Since, int Order) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) => (Order, Since).CompareTo((other.Order, other.Since));
    }
}
