namespace FathomGateway.Connect;

/// <summary>What the handler says in the log: who and what, never a code, a state or a token.</summary>
internal sealed partial class AuthorizationResponseHandler
{
    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} is connected.")]
    private static partial void Connected(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} was not authorized by the provider: {Outcome}.")]
    private static partial void NotAuthorized(ILogger log, string userId, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The code of user {UserId} was not exchanged: {Reason} (status {Status}).")]
    private static partial void ExchangeFailed(ILogger log, string userId, string reason, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider could not serve user {UserId}: {Reason}.")]
    private static partial void ProviderUnavailable(ILogger log, string userId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The provider refuses this client ({Error}): check FATHOM_CLIENT_ID, FATHOM_CLIENT_SECRET and FATHOM_CLIENT_AUTH. Nobody can connect until then.")]
    private static partial void Misconfigured(ILogger log, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} could not be connected because a store cannot serve; their state and code are unspent unless the store failed in the middle.")]
    private static partial void Unavailable(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tokens of user {UserId} were issued and could not be stored; the user has to connect again.")]
    private static partial void Lost(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The callback of user {UserId} failed in a way that was not foreseen.")]
    private static partial void Broken(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome of a callback could not be noted down; a reload of it will not be told.")]
    private static partial void NotSettled(ILogger log, Exception failure);
}
