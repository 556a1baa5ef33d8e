namespace FathomGateway.Sandbox.Show;

/// <summary>The latest hops, for a page that asks what is new.</summary>
internal sealed class Hops(TimeProvider clock)
{
    private const int Most = 200; // A page that was closed meanwhile misses nothing that a person would read.

    private readonly Lock _lock = new();
    private readonly Queue<Hop> _latest = [];
    private int _count;

    /// <summary>Notes a hop down.</summary>
    public void Add(string from, string to, string what, string tone = "plain")
    {
        lock (_lock)
        {
            _latest.Enqueue(new Hop(++_count, from, to, what, tone, clock.GetUtcNow().ToUnixTimeMilliseconds()));
            if (_latest.Count > Most) _latest.Dequeue();
        }
    }

    /// <summary>Those after <paramref name="number"/>, the oldest first.</summary>
    public IReadOnlyList<Hop> After(int number)
    {
        lock (_lock)
            return [.. _latest.Where(hop => hop.Number > number)];
    }

    /// <summary>Forgets them; the count goes on.</summary>
    public void Clear()
    {
        lock (_lock)
            _latest.Clear();
    }
}
