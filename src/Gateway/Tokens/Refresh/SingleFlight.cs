namespace FathomGateway.Tokens.Refresh;

/// <summary>Lets concurrent callers with the same key share one task. A task is forgotten when it ends.</summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Task<TResult>> _flights = [];

    /// <summary>Joins the running task of the key, or starts one. A caller that stops waiting does not cancel the task.</summary>
    public Task<TResult> JoinAsync(TKey key, Func<Task<TResult>> work)
    {
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out var flight)) _flights[key] = flight = Task.Run(() => RunAsync(key, work));
            return flight;
        }
    }

    private async Task<TResult> RunAsync(TKey key, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            // The entry is added under the same lock, so it is there already.
            lock (_gate) _flights.Remove(key);
        }
    }
}
