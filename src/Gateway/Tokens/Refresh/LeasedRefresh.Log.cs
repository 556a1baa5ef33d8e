namespace FathomGateway.Tokens.Refresh;

/// <summary>Log messages of a refresh. None holds a token.</summary>
internal sealed partial class LeasedRefresh
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The access token of user {UserId} is refreshed (version {Version}).")]
    private static partial void Refreshed(ILogger log, string userId, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access token of user {UserId} could not be refreshed: {Reason}.")]
    private static partial void NotRefreshed(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "It is in doubt whether the provider has refreshed the token of user {UserId}: {Reason}.")]
    private static partial void InDoubt(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A refresh of user {UserId} came too late: a disconnect, a newer connect or another refresh was first.")]
    private static partial void FencedOut(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The lease on the connection of user {UserId} could not be released; it will expire.")]
    private static partial void NotReleased(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The provider refuses this client ({Error}): check FATHOM_CLIENT_ID, FATHOM_CLIENT_SECRET and FATHOM_CLIENT_AUTH. "
            + "No token can be refreshed until then. No user is disconnected for it.")]
    private static partial void Misconfigured(ILogger log, string error);
}
