namespace FathomGateway.Events.Outbox;

/// <summary>An event as the internal API and the command line show it.</summary>
/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>rested</c>.</param>
/// <param name="LastResult">Result of the last failed attempt.</param>
/// <param name="NextAttemptAt">When the user's first waiting event is tried next; null for an event that does not wait.</param>
internal sealed record ListedEvent(
    string Id,
    string Type,
    DateTimeOffset Timestamp,
    ListedEventData Data,
    string Status,
    long Attempts,
    string? LastResult,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? NextAttemptAt)
{
    public static ListedEvent Of(StoredEvent row) => new(
        row.Id,
        row.Type,
        row.CreatedAt,
        new ListedEventData(row.UserId, row.Version, row.Scope, row.Reason),
        row.Status,
        row.Attempts,
        row.LastResult,
        row.DeliveredAt,
        row.Status == StoredEvent.Waiting ? row.DueAt : null);
}

/// <summary>The member <c>data</c> of an event.</summary>
internal sealed record ListedEventData(string UserId, long Version, string? Scope, string? Reason);
