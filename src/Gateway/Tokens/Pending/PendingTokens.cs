using System.Collections.Concurrent;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Keeps issued tokens while the database is down. Saving is repeated for some seconds. Then the tokens are put into Redis, from where any
/// replica drains them. Without Redis they stay in this process's memory. It tries database and Redis in turn while it lives.
/// </summary>
internal sealed class PendingTokens(
    PendingTokenStore store, InFlightWork inFlight, TimeProvider clock, ILogger<PendingTokens> log)
{
    /// <summary>
    /// How long saving is repeated before the tokens go to Redis. A restart of the database takes less. A longer time would keep a user
    /// waiting.
    /// </summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a caller waits that needs the result: <see cref="RetryTime"/> and the time of three commands to Redis.
    /// </summary>
    public static readonly TimeSpan CallerTimeout = RetryTime + TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), MaxPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<UserId, int> _saving = [];
    private readonly SaveOutageLog _outage = new(log);
    private int _inMemory;

    /// <summary>How many tokens are in this process's memory alone.</summary>
    public int InMemory => Volatile.Read(ref _inMemory);

    /// <summary>Whether this process is saving tokens of the user.</summary>
    public bool IsSaving(UserId userId) => _saving.ContainsKey(userId);

    /// <summary>Logs the end of the outage. Called when the tokens that waited in Redis are in the database.</summary>
    public void EndOutage() => _outage.End();

    /// <param name="save">Saves the tokens, which are given with their age at that moment. It may be called several times.</param>
    /// <param name="timeout">How long the caller waits. Saving continues after it.</param>
    /// <returns>What <paramref name="save"/> has returned.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">
    /// The tokens are not saved yet. They are in Redis, or saving continues.
    /// </exception>
    public async Task<T> SaveAsync<T>(IssuedTokens tokens, Func<IssuedTokens, Task<T>> save, TimeSpan timeout)
    {
        var begun = clock.GetTimestamp();
        _saving.AddOrUpdate(tokens.UserId, 1, (_, others) => others + 1);
        var saving = inFlight.Run(() => RetryAsync(tokens, save, begun));
        try
        {
            return await saving.WaitAsync(timeout, clock);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("Tokens could not be saved yet.", failure);
        }
    }

    private async Task<T> RetryAsync<T>(IssuedTokens tokens, Func<IssuedTokens, Task<T>> save, long begun)
    {
        var userId = tokens.UserId;
        var counted = false;
        IssuedTokens Aged() => tokens with { Age = tokens.Age + clock.GetElapsedTime(begun) };
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
            {
                var left = RetryTime - clock.GetElapsedTime(begun);
                try
                {
                    // The database may execute an attempt that was given up. The next attempt recognises it.
                    var result = await save(Aged()).WaitAsync(AttemptTimeout(left), clock);
                    _outage.End();
                    return result;
                }
                catch (Exception failure)
                {
                    // Any exception is retried: these tokens exist nowhere else.
                    _outage.Note(userId, failure);
                }

                if (clock.GetElapsedTime(begun) >= RetryTime)
                {
                    if (await store.PutAsync(Aged()))
                    {
                        _outage.NoteInRedis(userId);
                        throw new ConnectionStoreUnavailableException("The tokens wait in Redis.");
                    }

                    if (!counted)
                    {
                        counted = true;
                        Interlocked.Increment(ref _inMemory);
                        _outage.NoteInMemory(userId);
                    }
                }

                await Task.Delay(pause, clock);
            }
        }
        finally
        {
            if (_saving.AddOrUpdate(userId, 0, (_, all) => all - 1) == 0) _saving.TryRemove(new KeyValuePair<UserId, int>(userId, 0));
            if (counted) Interlocked.Decrement(ref _inMemory);
        }
    }

    /// <param name="left">
    /// The rest of <see cref="RetryTime"/>. Once that is over, an attempt has the store's own limit, because a slow database would never
    /// succeed with less.
    /// </param>
    private static TimeSpan AttemptTimeout(TimeSpan left) =>
        left <= TimeSpan.Zero ? Database.StoreTimeout : left > MaxPause ? left : MaxPause;
}
