using System.Collections.Concurrent;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Keeps tokens that exist nowhere else while the database is away: they are saved again and again, for a while; then put by in Redis, for
/// any replica to drain; and where that fails too, kept in this process's memory, with both tried in turn for as long as it lives.
/// </summary>
internal sealed partial class PendingTokens(
    PendingTokenStore store, InFlightWork underWay, TimeProvider clock, ILogger<PendingTokens> log)
{
    /// <summary>How long the database is given before the tokens are put by: a restart is over by then, and a user is waiting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long callers wait who want to be told how it ended. Longer than the patience by what putting by may take: three commands to
    /// Redis.
    /// </summary>
    public static readonly TimeSpan CallersPatience = Patience + TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _saving = new(StringComparer.Ordinal);
    private readonly SaveOutageLog _outage = new(log);
    private int _inMemory;

    /// <summary>How many tokens are in this process's memory alone, after all that could be tried once has failed.</summary>
    public int InMemory => Volatile.Read(ref _inMemory);

    /// <summary>Whether tokens of this user are on their way into the database from this process, however long that takes.</summary>
    public bool IsSaving(UserId userId) => _saving.ContainsKey(userId.Value);

    /// <summary>What waited in Redis is in the database.</summary>
    public void EndOutage() => _outage.End();

    /// <param name="save">Saves them; may be repeated.</param>
    /// <param name="unsaved">The same tokens, to be put by.</param>
    /// <param name="patience">How long the caller waits; the saving goes on after it.</param>
    /// <returns>What saving returned.</returns>
    /// <exception cref="ConnectionStoreUnavailableException">Not saved yet: they are in Redis, or saving goes on.</exception>
    public async Task<T> SaveAsync<T>(string userId, Func<Task<T>> save, Func<UnsavedTokens> unsaved, TimeSpan patience)
    {
        _saving.AddOrUpdate(userId, 1, (_, others) => others + 1);
        var saving = underWay.Run(() => SaveInTheEndAsync(userId, save, unsaved));
        try
        {
            return await saving.WaitAsync(patience, clock);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("Tokens could not be saved yet.", failure);
        }
    }

    private async Task<T> SaveInTheEndAsync<T>(string userId, Func<Task<T>> save, Func<UnsavedTokens> unsaved)
    {
        var begun = clock.GetTimestamp();
        var counted = false;
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var left = Patience - clock.GetElapsedTime(begun);
                try
                {
                    // An attempt that is given up may be carried out all the same, and is then recognised by the next.
                    var result = await save().WaitAsync(AttemptTimeout(left), clock);
                    _outage.End();
                    return result;
                }
                catch (Exception failure)
                {
                    // Whatever it is: these tokens exist nowhere else.
                    NotSaved(log, userId, failure);
                    _outage.Note(failure);
                }

                if (clock.GetElapsedTime(begun) >= Patience)
                {
                    if (await store.PutAsync(unsaved()))
                    {
                        PutBy(log, userId);
                        _outage.NoteInRedis();
                        throw new ConnectionStoreUnavailableException("The tokens wait in Redis.");
                    }

                    if (!counted) Count(userId, out counted);
                }

                await Task.Delay(pause, clock);
            }
        }
        finally
        {
            if (_saving.AddOrUpdate(userId, 0, (_, all) => all - 1) == 0) _saving.TryRemove(new KeyValuePair<string, int>(userId, 0));
            if (counted) Interlocked.Decrement(ref _inMemory);
        }
    }

    /// <param name="left">
    /// Of the patience. When it is over nobody waits any more, and with less than the store gives itself, one that is slow would be given
    /// up for ever.
    /// </param>
    private static TimeSpan AttemptTimeout(TimeSpan left) =>
        left <= TimeSpan.Zero ? Database.StoreTimeout : left > LongestPause ? left : LongestPause;

    private void Count(string userId, out bool counted)
    {
        counted = true;
        Interlocked.Increment(ref _inMemory);
        Waiting(log, userId);
        _outage.NoteInMemory();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} could not be saved; trying again.")]
    private static partial void NotSaved(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} wait in Redis.")]
    private static partial void PutBy(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} wait in memory.")]
    private static partial void Waiting(ILogger log, string userId);
}
