using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>Figures for the metrics.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>
    /// SQL: how many events are read to find the oldest. Redeliveries of events that do not rest are requested one by one, so fewer such
    /// events than these wait at once.
    /// </summary>
    private const string OldestCandidates = "1000";

    /// <summary>Seconds for a count, which reads an entry of an index for each event. No user waits for it.</summary>
    private const int CountTimeout = 120;

    /// <summary>
    /// Since when the oldest event waits. Only the events that were written first are read, by an index. No event waits since a time before
    /// it was written. So the result is exact where one of the first of all was never redelivered, or where no others wait. After a
    /// redelivery of all that rested, these may be the first of all. They are older than the time of attempts. So the first that are
    /// younger are read, too. An event that has waited for longer, behind others of its user, may then be missed.
    /// </summary>
    internal string OldestSql => $"""
        SELECT min(since) FROM (
            SELECT since FROM (
                SELECT {WaitsSince} AS since FROM fathom_events WHERE {Waiting} ORDER BY created_at LIMIT {OldestCandidates}) AS first
            UNION ALL
            SELECT since FROM (
                SELECT {WaitsSince} AS since FROM fathom_events WHERE {Waiting} AND created_at > {Moment} - @MaxAge
                ORDER BY created_at LIMIT {OldestCandidates}) AS young) AS candidates
        """;

    private const string CountsSql = $"""
        SELECT (SELECT count(*) FROM fathom_events WHERE {Waiting}) AS Waiting,
            (SELECT count(*) FROM fathom_events WHERE rested_at IS NOT NULL) AS Rested
        """;

    private string AgeSql => $"SELECT ({OldestSql}) AS Oldest, {database.Now} AS Now";

    public Task<OutboxStatistics> ReadStatisticsAsync(CancellationToken cancel) => database.ReadAsync(
        async connection =>
        {
            await using var command = Statements.Command(connection, CountsSql, null);
            command.CommandTimeout = CountTimeout;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            return new OutboxStatistics(reader.GetInt64("Waiting"), reader.GetInt64("Rested"));
        },
        Timeout.InfiniteTimeSpan,
        cancel);

    /// <summary>Apart from the counts: it takes a moment, however many events wait.</summary>
    public async Task<OutboxAge> ReadAgeAsync(CancellationToken cancel) =>
        (await database.FindAsync(AgeSql, new() { ["MaxAge"] = RetrySchedule.MaxAge }, OutboxAge.Read, cancel))!;
}

/// <summary>How many events wait, and how many are no longer retried.</summary>
internal sealed record OutboxStatistics(long Waiting, long Rested);

/// <summary>Since when the oldest event waits, null where none waits, and the time, both by the database's clock.</summary>
internal sealed record OutboxAge(DateTimeOffset? Oldest, DateTimeOffset Now)
{
    public long Seconds => Oldest is { } oldest ? Math.Max(0, (long)(Now - oldest).TotalSeconds) : 0;

    public static OutboxAge Read(DbDataReader row) => new(row.GetTimeOrNull("Oldest"), row.GetTime("Now"));
}
