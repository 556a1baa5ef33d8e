using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>For people: what is in the outbox, and one event once more. And for the sweep.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>Rows that one statement of the sweep deletes at most, so that none holds its locks for long.</summary>
    public const int MostForgotten = 1000;

    /// <summary>How long a delivered event is kept, and one that rests.</summary>
    private static readonly TimeSpan DeliveredKept = TimeSpan.FromDays(1), RestedKept = TimeSpan.FromDays(30);

    private string ListSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq > @After ORDER BY event.seq LIMIT @Count
        """;

    private readonly string _redeliverSql = $"""
        UPDATE fathom_events SET attempts = 0, delivered_at = NULL, rested_at = NULL WHERE seq = @Seq AND suffix = @Suffix RETURNING user_id
        """;

    /// <summary>Due at once, unless somebody is at it.</summary>
    private readonly string _requeueSql = $"""
        INSERT INTO fathom_event_queues AS queue (user_id, due_at) VALUES (@UserId, {database.Now})
        ON CONFLICT (user_id) DO UPDATE SET due_at = CASE WHEN queue.lease_owner IS NULL THEN excluded.due_at ELSE queue.due_at END
        """;

    private readonly string _lookSql = $"""
        SELECT (SELECT count(*) FROM fathom_events WHERE {Waiting}) AS Waiting,
            (SELECT count(*) FROM fathom_events WHERE rested_at IS NOT NULL) AS Rested,
            (SELECT min(created_at) FROM fathom_events WHERE {Waiting}) AS Oldest, {database.Now} AS Now
        """;

    /// <summary>The next events after one, in the order in which they were written.</summary>
    /// <param name="after">The order of an event; 0 begins.</param>
    public Task<IReadOnlyList<StoredEvent>> ListAsync(long after, int count, CancellationToken cancel) =>
        database.ReadAsync(
            connection => connection.ListAsync(
                ListSql, new() { ["After"] = after, ["Count"] = count }, StoredEvent.Read, cancel: cancel),
            Database.StoreTimeout,
            cancel);

    /// <summary>Has an event delivered once more, whatever has become of it: at once, and with all the tries of a new one.</summary>
    /// <returns>False where there is none of this id.</returns>
    public Task<bool> RedeliverAsync(long seq, string suffix, CancellationToken cancel) => database.LockAsync(
        NoLock,
        null,
        async (connection, transaction) =>
        {
            SqlParameters wanted = new() { ["Seq"] = seq, ["Suffix"] = suffix };
            var userId = await connection.FindAsync(_redeliverSql, wanted, row => row.GetString(0), transaction);
            if (userId is null) return false;
            await connection.ExecuteAsync(_requeueSql, new() { ["UserId"] = userId }, transaction);
            return true;
        },
        Database.StoreTimeout,
        cancel);

    /// <summary>How many wait, how many rest, and since when the oldest waits.</summary>
    public async Task<OutboxLook> LookAsync(CancellationToken cancel) => (await database.FindAsync(_lookSql, null, OutboxLook.Read, cancel))!;

    /// <summary>Deletes events that were delivered a day ago, or have rested for thirty, a bounded number at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetAsync(CancellationToken cancel)
    {
        var delivered = await database.ExecuteAsync(ForgetSql("delivered_at"), new() { ["Kept"] = DeliveredKept }, cancel);
        var rested = await database.ExecuteAsync(ForgetSql("rested_at"), new() { ["Kept"] = RestedKept }, cancel);
        return delivered == MostForgotten || rested == MostForgotten;
    }

    private string ForgetSql(string column) => $"""
        DELETE FROM fathom_events WHERE seq IN (
            SELECT seq FROM fathom_events WHERE {column} < {Moment} - @Kept LIMIT {MostForgotten} {database.SkipLocked})
        """;
}

/// <summary>The outbox at one moment of the database's clock.</summary>
internal sealed record OutboxLook(long Waiting, long Rested, DateTimeOffset? Oldest, DateTimeOffset Now)
{
    public static OutboxLook Read(DbDataReader row) =>
        new(row.GetInt64("Waiting"), row.GetInt64("Rested"), row.GetTimeOrNull("Oldest"), row.GetTime("Now"));
}
