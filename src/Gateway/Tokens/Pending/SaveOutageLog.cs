using FathomGateway.Users;

namespace FathomGateway.Tokens.Pending;

/// <summary>
/// Logs an outage in which tokens wait: each line once per outage, not per user and second. The metric <c>fathom.rescued_tokens</c> counts
/// the tokens; level Debug names the users.
/// </summary>
internal sealed partial class SaveOutageLog(ILogger log)
{
    private int _isAway, _inRedis, _inMemory;

    public void Note(UserId userId, Exception failure)
    {
        NotSaved(log, userId.Value, failure);
        if (Interlocked.Exchange(ref _isAway, 1) == 0) Begun(log, failure);
    }

    public void NoteInRedis(UserId userId)
    {
        UserInRedis(log, userId.Value);
        if (Interlocked.Exchange(ref _inRedis, 1) == 0) InRedis(log);
    }

    public void NoteInMemory(UserId userId)
    {
        UserInMemory(log, userId.Value);
        if (Interlocked.Exchange(ref _inMemory, 1) == 0) InMemory(log);
    }

    public void End()
    {
        if (Interlocked.Exchange(ref _isAway, 0) == 0) return;
        Volatile.Write(ref _inRedis, 0);
        Volatile.Write(ref _inMemory, 0);
        Over(log);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} could not be saved; trying again.")]
    private static partial void NotSaved(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} wait in Redis.")]
    private static partial void UserInRedis(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tokens of user {UserId} wait in memory.")]
    private static partial void UserInMemory(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Tokens could not be saved; trying again. Logged once per outage: fathom_rescued_tokens counts those that wait.")]
    private static partial void Begun(ILogger log, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Tokens wait in Redis, encrypted, until the database serves again, for an hour at most.")]
    private static partial void InRedis(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Tokens are in this process's memory alone until a store serves again: do not stop it.")]
    private static partial void InMemory(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tokens are saved again.")]
    private static partial void Over(ILogger log);
}
