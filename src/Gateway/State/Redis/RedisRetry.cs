namespace FathomGateway.State.Redis;

/// <summary>Repeats a command whose answer was lost. For commands that may be executed twice.</summary>
internal static class RedisRetry
{
    /// <summary>Pause between two attempts, so that a Redis that fails at once does not cause a busy loop.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="limit">Time limit of all attempts together.</param>
    /// <param name="isWorthwhile">Whether to try again after this failure. Once true, later failures are retried as well.</param>
    /// <exception cref="StateStoreUnavailableException">The last failure.</exception>
    public static async Task<T> ExecuteAsync<T>(
        TimeSpan limit, TimeProvider time, Func<StateStoreUnavailableException, bool> isWorthwhile, Func<Task<T>> execute,
        CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var again = false;
        var left = limit;
        while (true)
        {
            try
            {
                return await execute().WaitAsync(left, time, cancel);
            }
            catch (TimeoutException failure)
            {
                throw new StateStoreUnavailableException("Redis did not answer.", failure, mayHaveTakenEffect: true);
            }
            catch (StateStoreUnavailableException failure)
            {
                again |= isWorthwhile(failure);
                left = limit - time.GetElapsedTime(begun) - Pause;
                if (!again || left <= TimeSpan.Zero) throw;
                await Task.Delay(Pause, time, cancel);
            }
        }
    }
}
