using FathomGateway.Users;

namespace FathomGateway.Events;

/// <summary>An event as people and programs are shown it.</summary>
/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>rested</c>.</param>
/// <param name="LastResult">How the last try ended that was not taken.</param>
/// <param name="NextAttemptAt">Of one that waits: when its user's first event is tried.</param>
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
        row.CreatedAt.ToUniversalTime(),
        new ListedEventData(row.UserId, row.Version, row.Scope, row.Reason),
        row.Status,
        row.Attempts,
        row.LastResult,
        row.DeliveredAt?.ToUniversalTime(),
        row.Status == StoredEvent.Waiting ? row.DueAt?.ToUniversalTime() : null);
}

/// <summary>The member <c>data</c> of an event.</summary>
internal sealed record ListedEventData(string UserId, long Version, string? Scope, string? Reason);
