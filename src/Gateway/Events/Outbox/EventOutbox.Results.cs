using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>The results of attempts.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>SQL: the last results whose events rest.</summary>
    private string RestedSql => $"SELECT seq FROM fathom_events WHERE seq {database.AnyOf("LastSeqs")} AND rested_at IS NOT NULL";

    /// <summary>
    /// The leases of the queues of these events. With <see cref="Database.SkipLocked"/> it locks events and queues, and leaves out what
    /// another transaction has locked. So the record waits for nobody, and a transaction that stays open delays its own users alone.
    /// </summary>
    private string LeasesSql(string lockRows) => $"""
        SELECT event.seq AS Seq, queue.lease_owner AS Lease
        FROM fathom_events AS event JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq {database.AnyOf("Seqs")} {lockRows}
        """;

    /// <summary>
    /// Records equal results of one lease, whose events and queues are locked. A redelivery that was asked for during the attempt prevails:
    /// the attempt is not counted, the event waits, and the queue is due at once. A time of redelivery in the future says that the clock
    /// was set back. It does not prevail: failures would be retried without pause. The condition that the event waits is written so that it
    /// matches no index: the planner has to use the primary key.
    /// </summary>
    /// <param name="group">Number of the group, which is at the end of the names of its parameters.</param>
    private string RecordSql(int group) => $"""
        UPDATE fathom_events SET
            attempts = attempts + @Tried{group}, last_result = @Result{group},
            delivered_at = CASE WHEN @IsDelivered{group} THEN {database.Now} END,
            rested_at = CASE WHEN @IsLast{group} THEN {database.Now} END
        WHERE seq {database.AnyOf($"Seqs{group}")} AND COALESCE(delivered_at, rested_at) IS NULL
            AND (redelivered_at BETWEEN @LeasedAt{group} AND {database.Now}) IS NOT TRUE;
        UPDATE fathom_event_queues SET
            due_at = CASE
                WHEN @IsDelivered{group} THEN {database.Now}
                WHEN EXISTS (
                    SELECT 1 FROM fathom_events AS event
                    WHERE event.user_id = fathom_event_queues.user_id AND {Waiting}
                        AND redelivered_at BETWEEN @LeasedAt{group} AND {database.Now})
                THEN {database.Now} ELSE {database.Now} + @Pause{group} END,
            lease_owner = NULL
        WHERE user_id {database.AnyOf($"Users{group}")}
        """;

    /// <remarks>
    /// A result counts while the queue has the lease of its attempt. A replica may record its result after another one has taken the queue,
    /// or again after the answer to the commit was lost. The rows stay locked, and each later statement sees what was committed before
    /// them: an event that is written meanwhile waits for the queue. A later transaction finds no queue and inserts one.
    /// </remarks>
    private async Task<(IReadOnlyList<EventResult> Rested, IReadOnlyList<EventResult> Postponed)> RecordAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<EventResult> results)
    {
        if (results.Count == 0) return ([], []);
        var locked = await LeasedAsync(results, database.SkipLocked);
        EventResult[] others = [.. results.Except(locked)];
        // Without locks. What still has its lease was left out because another transaction has locked it.
        EventResult[] postponed = others.Length == 0 ? [] : await LeasedAsync(others, "");
        EventResult[] last = [.. results.Where(one => one.IsLast).Except(postponed)];
        if (locked.Length == 0 && last.Length == 0) return ([], postponed);

        var (sql, parameters) = Record(locked);
        // The rows are read again, so that a record that is repeated tells the same.
        if (last.Length > 0) (sql, parameters["LastSeqs"]) = ($"{sql}; {RestedSql}", SeqsOf(last));
        var rested = await connection.ListAsync(sql, parameters, row => row.GetInt64(0), transaction);
        return ([.. last.Where(one => rested.Contains(one.Event.Seq))], postponed);

        async Task<EventResult[]> LeasedAsync(IReadOnlyList<EventResult> some, string lockRows)
        {
            var leases = await connection.ListAsync(
                LeasesSql(lockRows),
                new() { ["Seqs"] = SeqsOf(some) },
                row => (row.GetInt64("Seq"), row.GetGuidOrNull("Lease")),
                transaction);
            return [.. some.Where(one => leases.Contains((one.Event.Seq, one.Event.Lease)))];
        }
    }

    /// <summary>One command for all results, however many differ. Each round trip would prolong the locks.</summary>
    private (string Sql, SqlParameters Parameters) Record(IReadOnlyList<EventResult> results)
    {
        List<string> statements = [];
        SqlParameters parameters = new() { ["Users"] = UsersOf(results) };
        foreach (var (group, equal) in results.GroupBy(one => (one.Event.Lease, one.Result, one.Pause, one.IsCounted)).Index())
        {
            var first = equal.First();
            statements.Add(RecordSql(group));
            parameters[$"Seqs{group}"] = SeqsOf(equal);
            parameters[$"Users{group}"] = UsersOf(equal);
            // Each time of the lease will do: it was read while every queue of the lease was locked.
            parameters[$"LeasedAt{group}"] = first.Event.Now;
            parameters[$"Tried{group}"] = first.IsCounted ? 1L : 0L;
            parameters[$"Result{group}"] = first.Result;
            parameters[$"IsDelivered{group}"] = first.Result is null;
            parameters[$"IsLast{group}"] = first.IsLast;
            parameters[$"Pause{group}"] = first.Pause ?? TimeSpan.Zero;
        }

        statements.Add(EmptySql);
        return (string.Join("; ", statements), parameters);
    }

    private static long[] SeqsOf(IEnumerable<EventResult> results) => [.. results.Select(one => one.Event.Seq)];

    private static string[] UsersOf(IEnumerable<EventResult> results) => [.. results.Select(one => one.Event.UserId)];
}

/// <summary>Result of one attempt.</summary>
/// <param name="Event">As it was read when it was leased.</param>
/// <param name="Result">Null where the event was delivered.</param>
/// <param name="Pause">Until the next attempt; null where there is none.</param>
/// <param name="IsCounted">False for an attempt that the gateway itself has ended.</param>
internal sealed record EventResult(StoredEvent Event, string? Result, TimeSpan? Pause, bool IsCounted = true)
{
    /// <summary>The event rests, unless a redelivery was asked for during the attempt.</summary>
    public bool IsLast => Result is not null && Pause is null;
}
