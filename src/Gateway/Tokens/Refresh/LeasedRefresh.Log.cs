using FathomGateway.Fathom.TokenEndpoint;

namespace FathomGateway.Tokens.Refresh;

/// <summary>What the answers are called, and what is said of them in the log: never a token.</summary>
internal sealed partial class LeasedRefresh
{
    /// <summary>Nobody knows whether the refresh token is spent: no whole answer, or a success whose tokens cannot be read.</summary>
    private static bool IsInDoubt(TokenResult result) =>
        result is TokenResult.InDoubt or TokenResult.Malformed { Status: 0 or (>= 200 and < 300) };

    private static string Reason(TokenResult result) => result switch
    {
        TokenResult.InDoubt lost => lost.Reason,
        TokenResult.NotSent unsent => unsent.Reason,
        TokenResult.Unavailable unavailable => unavailable.Reason,
        TokenResult.Malformed malformed => $"{malformed.Reason} (status {malformed.Status})",
        TokenResult.Refused refused => $"{refused.Error} (status {refused.Status})",
        _ => throw new InvalidOperationException("An unknown token result."),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "The access token of user {UserId} is refreshed (version {Version}).")]
    private static partial void Refreshed(ILogger log, string userId, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access token of user {UserId} could not be refreshed: {Reason}.")]
    private static partial void NotRefreshed(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "It is in doubt whether the provider has refreshed the token of user {UserId}: {Reason}.")]
    private static partial void InDoubt(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A refresh of user {UserId} came too late; a disconnect, a newer connect or another refresh stands.")]
    private static partial void FencedOut(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The lease on the connection of user {UserId} could not be given back; it runs out by itself.")]
    private static partial void NotReleased(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The provider refuses this client ({Error}): check FATHOM_CLIENT_ID, FATHOM_CLIENT_SECRET and FATHOM_CLIENT_AUTH. "
            + "No token can be refreshed until then; nobody is disconnected for it.")]
    private static partial void Misconfigured(ILogger log, string error);
}
