namespace FathomGateway.Connect.Callback;

/// <summary>The log lines of the exchange. They never hold a code or a token.</summary>
internal sealed partial class CodeExchange
{
    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} is connected.")]
    private static partial void Connected(ILogger log, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The code of user {UserId} was not exchanged: {Reason} (status {Status}).")]
    private static partial void ExchangeFailed(ILogger log, string userId, string reason, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider could not serve user {UserId}: {Reason}.")]
    private static partial void ProviderUnavailable(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The provider refuses this client ({Error}): check FATHOM_CLIENT_ID, FATHOM_CLIENT_SECRET and FATHOM_CLIENT_AUTH. "
            + "Nobody can connect until then.")]
    private static partial void Misconfigured(ILogger log, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tokens of user {UserId} were issued and could not be stored yet.")]
    private static partial void NotStored(ILogger log, string userId, Exception failure);
}
