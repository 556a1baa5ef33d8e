namespace FathomGateway.Sandbox.Show;

/// <summary>The latest hops, for pages that follow them.</summary>
internal sealed class Hops(TimeProvider clock)
{
    private const int MaxHops = 200; // Enough for a page that reconnects.

    private readonly Lock _lock = new();
    private readonly Queue<Hop> _latest = [];
    private TaskCompletionSource _next = New();

    /// <summary>How many have been added, dropped ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a hop.</summary>
    public void Add(string from, string to, string what, string tone = "plain")
    {
        lock (_lock)
        {
            _latest.Enqueue(new Hop(++Count, from, to, what, tone, clock.GetUtcNow().ToUnixTimeMilliseconds()));
            if (_latest.Count > MaxHops) _latest.Dequeue();
            _next.SetResult();
            _next = New();
        }
    }

    /// <summary>Completes with the next hop.</summary>
    public Task NextAsync()
    {
        lock (_lock)
            return _next.Task;
    }

    /// <summary>Those after <paramref name="number"/>, the oldest first.</summary>
    public IReadOnlyList<Hop> After(int number)
    {
        lock (_lock)
            return [.. _latest.Where(hop => hop.Number > number)];
    }

    /// <summary>Removes them. Numbering continues.</summary>
    public void Clear()
    {
        lock (_lock)
            _latest.Clear();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
