using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>Runs the first delivery and logs its failures. Lines name users but never a code, a state or a token.</summary>
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
        Message = "User {UserId} could not be connected because a store is unavailable. State and code are unused unless the store "
            + "failed during the redeem.")]
    private static partial void Unavailable(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The callback of user {UserId} failed with an unexpected exception.")]
    private static partial void Broken(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The outcome of a callback could not be recorded. A reload of the callback does not get it.")]
    private static partial void NotSettled(ILogger log, Exception failure);
}
