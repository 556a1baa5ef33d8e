using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>What the first delivery comes to, and what is said of it in the log: who and what, never a code, a state or a token.</summary>
internal sealed partial class CallbackDeduplication
{
    private async Task<CallbackOutcome> CompletedAsync(UserId userId, Func<Task<CallbackOutcome>> complete)
    {
        try
        {
            return await complete();
        }
        catch (StateStoreUnavailableException failure)
        {
            Unavailable(log, userId.Value, failure);
        }
        catch (Exception failure)
        {
            Broken(log, userId.Value, failure);
        }

        return CallbackOutcome.TemporarilyUnavailable;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "User {UserId} could not be connected because a store cannot serve; their state and code are unspent unless "
            + "the store failed in the middle.")]
    private static partial void Unavailable(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The callback of user {UserId} failed in a way that was not foreseen.")]
    private static partial void Broken(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The outcome of a callback could not be noted down; a reload of it will not be told.")]
    private static partial void NotSettled(ILogger log, Exception failure);
}
