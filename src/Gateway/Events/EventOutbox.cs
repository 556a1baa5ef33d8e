using System.Data.Common;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>The outbox: leases of the users' queues, and the results of deliveries.</summary>
/// <remarks>
/// A user with waiting events has a queue, which is one row. Only the first event of a queue is delivered. Members throw
/// <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve.
/// </remarks>
internal sealed partial class EventOutbox(Database database)
{
    /// <summary>
    /// How long one replica has a user's queue: an attempt and its record, with a margin. After a crash, another replica takes the queue
    /// then.
    /// </summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Needed to prove that the connection is alive. The statements lock the rows themselves.</summary>
    private const string NoLock = "SELECT 1";

    private const string Waiting = "delivered_at IS NULL AND rested_at IS NULL";

    /// <summary>What <see cref="StoredEvent.Read"/> reads.</summary>
    private readonly string _columns = $"""
        event.seq AS Seq, event.suffix AS Suffix, event.user_id AS UserId, event.type AS Type, event.version AS Version,
        event.scope AS Scope, event.reason AS Reason, event.created_at AS CreatedAt,
        event.redelivered_at AS RedeliveredAt, event.attempts AS Attempts,
        event.last_result AS LastResult, event.delivered_at AS DeliveredAt, event.rested_at AS RestedAt, queue.due_at AS DueAt,
        {database.Now} AS Now
        """;

    /// <summary>The clock, read once per statement: PostgreSQL searches an index only for a value that is the same for all rows.</summary>
    private string Moment => $"(SELECT {database.Now})";

    private string IsDueSql => $"SELECT count(*) FROM (SELECT 1 FROM fathom_event_queues WHERE due_at <= {Moment} LIMIT 1) AS due";

    private string DueSql => $"""
        SELECT user_id FROM fathom_event_queues WHERE due_at <= {Moment} ORDER BY due_at LIMIT @Count {database.SkipLocked}
        """;

    /// <summary>SQL: the first event of the row's queue. The planner finds it by an index in any case.</summary>
    private const string FirstOfQueue = $"""
        (SELECT seq FROM fathom_events AS head WHERE head.user_id = fathom_event_queues.user_id AND {Waiting} ORDER BY seq LIMIT 1)
        """;

    private string LeaseSql => $"""
        UPDATE fathom_event_queues SET lease_owner = @Owner, due_at = {database.Now} + @Lease WHERE user_id {database.AnyOf("Users")}
        RETURNING {FirstOfQueue}
        """;

    private string EmptySql => $"DELETE FROM fathom_event_queues WHERE user_id {database.AnyOf("Users")} AND {FirstOfQueue} IS NULL";

    private string ReadSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq {database.AnyOf("Seqs")}
        """;

    /// <summary>
    /// The first statement leaves an event unchanged that no longer waits: a replica whose lease has expired may record its result late.
    /// The second statement waits for a transaction that writes another event of these users, and the third sees that event. A later
    /// transaction finds no queue and inserts one.
    /// </summary>
    private string EndedSql => $"""
        UPDATE fathom_events SET
            attempts = attempts + 1, last_result = @Result,
            delivered_at = CASE WHEN @Result IS NULL THEN {database.Now} END,
            rested_at = CASE WHEN @Result IS NULL THEN NULL ELSE {database.Now} END
        WHERE seq {database.AnyOf("Seqs")} AND {Waiting};
        UPDATE fathom_event_queues SET
            due_at = CASE WHEN lease_owner = @Owner THEN {database.Now} ELSE due_at END,
            lease_owner = CASE WHEN lease_owner = @Owner THEN NULL ELSE lease_owner END
        WHERE user_id {database.AnyOf("Users")};
        DELETE FROM fathom_event_queues WHERE user_id {database.AnyOf("Users")} AND lease_owner IS NULL AND {FirstOfQueue} IS NULL
        """;

    private readonly string _failedSql = $"""
        UPDATE fathom_events SET attempts = attempts + 1, last_result = @Result WHERE seq = @Seq AND {Waiting};
        UPDATE fathom_event_queues SET due_at = {database.Now} + @Pause, lease_owner = NULL WHERE user_id = @UserId AND lease_owner = @Owner
        """;

    private readonly Guid _owner = Guid.NewGuid();

    /// <summary>Records results, and leases queues that are due, in one transaction.</summary>
    /// <param name="count">Most events to lease.</param>
    /// <returns>The first event of each leased queue.</returns>
    public async Task<IReadOnlyList<StoredEvent>> RecordAndLeaseAsync(
        IReadOnlyList<EventResult> results, int count, CancellationToken cancel)
    {
        if (results.Count == 0 && (count == 0 || await database.FindAsync(IsDueSql, null, row => row.GetInt64(0), cancel) == 0)) return [];
        return await database.LockAsync<IReadOnlyList<StoredEvent>>(
            NoLock,
            null,
            async (connection, transaction) =>
            {
                await RecordAsync(connection, transaction, results);
                return count == 0 ? [] : await LeaseAsync(connection, transaction, count);
            },
            Database.StoreTimeout,
            cancel);
    }

    private async Task RecordAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<EventResult> results)
    {
        foreach (var ended in results.Where(one => one.Pause is null).GroupBy(one => one.Result))
        {
            var (seqs, users) = (ended.Select(one => one.Seq).ToArray(), ended.Select(one => one.UserId).ToArray());
            SqlParameters all = new() { ["Seqs"] = seqs, ["Users"] = users, ["Result"] = ended.Key, ["Owner"] = _owner };
            await connection.ExecuteAsync(EndedSql, all, transaction);
        }

        foreach (var failed in results.Where(one => one.Pause is not null))
        {
            SqlParameters tried = new()
            {
                ["Seq"] = failed.Seq,
                ["Result"] = failed.Result,
                ["UserId"] = failed.UserId,
                ["Pause"] = failed.Pause,
                ["Owner"] = _owner,
            };
            await connection.ExecuteAsync(_failedSql, tried, transaction);
        }
    }

    private async Task<IReadOnlyList<StoredEvent>> LeaseAsync(DbConnection connection, DbTransaction transaction, int count)
    {
        string[] users = [.. await connection.ListAsync(DueSql, new() { ["Count"] = count }, row => row.GetString(0), transaction)];
        if (users.Length == 0) return [];
        SqlParameters lease = new() { ["Users"] = users, ["Owner"] = _owner, ["Lease"] = Lease };
        var leased = await connection.ListAsync<long?>(LeaseSql, lease, row => row.IsDBNull(0) ? null : row.GetInt64(0), transaction);
        long[] seqs = [.. leased.OfType<long>()];
        // A queue without a waiting event, after rows were deleted by hand.
        if (seqs.Length < users.Length) await connection.ExecuteAsync(EmptySql, lease, transaction);
        return seqs.Length == 0 ? [] : await connection.ListAsync(ReadSql, new() { ["Seqs"] = seqs }, StoredEvent.Read, transaction);
    }
}

/// <summary>Result of one attempt.</summary>
/// <param name="Result">Null where the event was delivered.</param>
/// <param name="Pause">Until the next attempt; null where there is none.</param>
internal sealed record EventResult(long Seq, string UserId, string? Result, TimeSpan? Pause);
