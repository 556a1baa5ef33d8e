using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>Redelivery of one event, and of all that rest.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>SQL: the event waits, and has all attempts of a new one.</summary>
    private const string WaitsAgain = "attempts = 0, delivered_at = NULL, rested_at = NULL";

    private const string RedeliverSql = $"UPDATE fathom_events SET {WaitsAgain} WHERE seq = @Seq AND suffix = @Suffix RETURNING seq";

    /// <summary>The next rows by the primary key, whatever their status: no index has the events that rest in their order.</summary>
    private const string NextRowsSql = "SELECT seq, rested_at FROM fathom_events WHERE seq > @After ORDER BY seq LIMIT @Count";

    /// <summary>
    /// An event that another transaction has locked is left to it: another command redelivers it, or the sweep deletes it.
    /// </summary>
    private string RedeliverRestedSql => $"""
        UPDATE fathom_events SET {WaitsAgain} WHERE seq IN (
            SELECT seq FROM fathom_events WHERE seq {database.AnyOf("Seqs")} AND rested_at IS NOT NULL ORDER BY seq {database.SkipLocked})
        RETURNING seq
        """;

    /// <summary>
    /// Makes the queues due at once, except those that a replica has leased. That replica makes the queue due when it records its attempt:
    /// while the queue is locked, the time of the redelivery is after every lease that has not seen it. A lease that ends later than any
    /// could is one from before the clock went back, perhaps of a replica that has ended. The queues are locked in the order of users, so
    /// that two redeliveries do not wait for each other. SQLite needs the WHERE to tell ON CONFLICT from a join.
    /// </summary>
    private string RequeueSql => $"""
        INSERT INTO fathom_event_queues AS queue (user_id, due_at)
        SELECT user_id, {database.Now} FROM (SELECT DISTINCT user_id FROM fathom_events WHERE seq {database.AnyOf("Seqs")}) AS users
        WHERE true ORDER BY user_id
        ON CONFLICT (user_id) DO UPDATE SET due_at = CASE
            WHEN queue.lease_owner IS NULL OR queue.due_at > {database.Now} + @Duration THEN excluded.due_at ELSE queue.due_at END;
        UPDATE fathom_events SET redelivered_at = {database.Now} WHERE seq {database.AnyOf("Seqs")}
        """;

    /// <summary>Makes an event due again, at once and with all attempts of a new one.</summary>
    /// <returns>False where there is no event with this id.</returns>
    public async Task<bool> RedeliverAsync(long seq, string suffix, CancellationToken cancel) =>
        await RedeliverAsync(RedeliverSql, new() { ["Seq"] = seq, ["Suffix"] = suffix }, cancel) > 0;

    /// <summary>
    /// Redelivers those that rest among the next events after one. The number of events is bounded, so that the transaction does not hold
    /// its locks for long. Called for one page after the other, it keeps the order of each user's events.
    /// </summary>
    /// <param name="after">The order of an event; 0 begins.</param>
    public async Task<RedeliveredPage> RedeliverRestedAsync(long after, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            connection => connection.ListAsync(
                NextRowsSql,
                new() { ["After"] = after, ["Count"] = PeriodicSweep.BatchSize },
                row => (Seq: row.GetInt64(0), Rests: !row.IsDBNull(1)),
                cancel: cancel),
            Database.StoreTimeout,
            cancel);
        long[] rested = [.. rows.Where(row => row.Rests).Select(row => row.Seq)];
        var count = rested.Length == 0 ? 0 : await RedeliverAsync(RedeliverRestedSql, new() { ["Seqs"] = rested }, cancel);
        return new RedeliveredPage(count, rows.Count == PeriodicSweep.BatchSize ? rows[^1].Seq : null);
    }

    /// <param name="sql">Returns the order of each event that it has changed.</param>
    /// <returns>How many events it has changed.</returns>
    private async Task<int> RedeliverAsync(string sql, SqlParameters parameters, CancellationToken cancel)
    {
        var changed = await database.LockAsync(
            NoLock,
            null,
            (connection, transaction) => connection.ListAsync(sql, parameters, row => row.GetInt64(0), transaction, cancel),
            Database.StoreTimeout,
            cancel,
            seqs => seqs.Count > 0 ? Requeue([.. seqs]) : null);
        return changed.Count;
    }

    private (string Sql, SqlParameters Parameters) Requeue(long[] seqs) =>
        (RequeueSql, new() { ["Seqs"] = seqs, ["Duration"] = LeaseDuration });
}

/// <summary>What one step of the redelivery of all events that rest has done.</summary>
/// <param name="Count">How many events wait again.</param>
/// <param name="Next">The order of the event after which the next step begins; null where there is none.</param>
internal readonly record struct RedeliveredPage(int Count, long? Next);
