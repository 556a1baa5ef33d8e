namespace FathomGateway.Tokens.Refresh;

/// <summary>Lets all who want the same thing at once share one piece of work. Nothing is kept once it has ended.</summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Task<TResult>> _flights = [];

    /// <summary>Joins the work that is under way for this key, or begins it. Whoever gives up waiting does not end it.</summary>
    public Task<TResult> JoinAsync(TKey key, Func<Task<TResult>> work)
    {
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out var flight)) _flights[key] = flight = Task.Run(() => FlyAsync(key, work));
            return flight;
        }
    }

    private async Task<TResult> FlyAsync(TKey key, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            // Waits for the lock under which the entry is made, so it is never removed before it is there.
            lock (_gate) _flights.Remove(key);
        }
    }
}
