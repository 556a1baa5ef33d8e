namespace FathomGateway.Audit;

/// <summary>The events. Ids and names must not change, because operators build alerts on them.</summary>
internal sealed partial class AuditLog
{
    [LoggerMessage(1, LogLevel.Information, "User {UserId} began to connect at {At:O} from {Network}.", EventName = "connect_started")]
    private static partial void ConnectStarted(ILogger log, string userId, DateTimeOffset at, string network);

    [LoggerMessage(2, LogLevel.Information, "User {UserId} was linked at {At:O}, binding {Binding}, from {Network} (network differs: "
        + "{NetworkDiffers}, user agent differs: {UserAgentDiffers}), under key {Kid}.",
        EventName = "linked")]
    private static partial void Linked(
        ILogger log, string userId, DateTimeOffset at, string binding, string network, bool networkDiffers, bool userAgentDiffers,
        string kid);

    [LoggerMessage(3, LogLevel.Information, "User {UserId} was re-linked at {At:O} in place of the link of {FormerSince:O}, binding "
        + "{Binding}, from {Network} (network differs: {NetworkDiffers}, user agent differs: {UserAgentDiffers}), under key {Kid}.",
        EventName = "relinked")]
    private static partial void Relinked(
        ILogger log, string userId, DateTimeOffset at, DateTimeOffset formerSince, string binding, string network, bool networkDiffers,
        bool userAgentDiffers, string kid);

    [LoggerMessage(4, LogLevel.Warning, "User {UserId} was not linked at {At:O}: {Outcome}, from {Network}.", EventName = "refused")]
    private static partial void Refused(ILogger log, string userId, DateTimeOffset at, string outcome, string network);

    [LoggerMessage(5, LogLevel.Information, "User {UserId} was disconnected at {At:O} by {Actor}; revoked by the provider: "
        + "{Revocation}.",
        EventName = "disconnected")]
    private static partial void Disconnected(ILogger log, string userId, DateTimeOffset at, string actor, string revocation);

    [LoggerMessage(6, LogLevel.Warning, "User {UserId} has to reconnect since {At:O}: {Reason}.", EventName = "reconnect_required")]
    private static partial void ReconnectRequired(ILogger log, string userId, DateTimeOffset at, string reason);

    [LoggerMessage(7, LogLevel.Information, "The internal API key was used for user {UserId} at {At:O}: {Action}, {Outcome}.",
        EventName = "key_used")]
    private static partial void KeyUsed(ILogger log, string userId, DateTimeOffset at, string action, string outcome);

    [LoggerMessage(8, LogLevel.Warning,
        "The link that user {UserId} began was confirmed by user {By} at {At:O}, and refused, from {Network}.",
        EventName = "confirmed_by_another")]
    private static partial void ConfirmedByAnother(ILogger log, string userId, DateTimeOffset at, string by, string network);

    [LoggerMessage(9, LogLevel.Information, "User {UserId} was linked at {At:O} by an attempt that had been refused, because the database "
        + "was away, under key {Kid}.",
        EventName = "linked_late")]
    private static partial void LinkedLate(ILogger log, string userId, DateTimeOffset at, string kid);

    [LoggerMessage(
        10, LogLevel.Information, "The internal API key was used at {At:O}: {Action}, {Outcome}.", EventName = "key_used_for_list")]
    private static partial void KeyUsedForList(ILogger log, DateTimeOffset at, string action, string outcome);
}
