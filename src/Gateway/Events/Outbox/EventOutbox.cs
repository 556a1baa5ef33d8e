using System.Data.Common;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

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
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Number of the newest waiting events among which one that was never tried is looked for. It bounds a query that runs once a second.
    /// </summary>
    private const int NewestCount = 100;

    /// <summary>Needed to prove that the connection is alive. The statements lock the rows themselves.</summary>
    public const string NoLock = "SELECT 1";

    private const string Waiting = "delivered_at IS NULL AND rested_at IS NULL";

    /// <summary>What <see cref="StoredEvent.Read"/> reads.</summary>
    private readonly string _columns = $"""
        event.seq AS Seq, event.suffix AS Suffix, event.user_id AS UserId, event.type AS Type, event.version AS Version,
        event.scope AS Scope, event.reason AS Reason, event.created_at AS CreatedAt,
        event.redelivered_at AS RedeliveredAt, event.attempts AS Attempts,
        event.last_result AS LastResult, event.delivered_at AS DeliveredAt, event.rested_at AS RestedAt, queue.due_at AS DueAt,
        queue.lease_owner AS Lease, {database.Now} AS Now
        """;

    /// <summary>The clock, read once per statement: PostgreSQL searches an index only for a value that is the same for all rows.</summary>
    private string Moment => $"(SELECT {database.Now})";

    private string IsDueSql => $"SELECT count(*) FROM (SELECT 1 FROM fathom_event_queues WHERE due_at <= {Moment} LIMIT 1) AS due";

    private string DueSql => $"""
        SELECT user_id FROM fathom_event_queues WHERE due_at <= {Moment} ORDER BY due_at LIMIT @Count {database.SkipLocked}
        """;

    /// <summary>
    /// The newest events are found by the time of their change. Many events that are tried again may become due after a new one.
    /// </summary>
    internal string UntriedSql => $"""
        SELECT user_id FROM fathom_event_queues WHERE due_at <= {Moment} AND user_id IN (
            SELECT user_id FROM (
                SELECT seq, user_id, attempts FROM fathom_events WHERE {Waiting} ORDER BY created_at DESC LIMIT {NewestCount}) AS newest
            WHERE attempts = 0 AND seq = (SELECT min(seq) FROM fathom_events AS head WHERE head.user_id = newest.user_id AND {Waiting}))
        ORDER BY due_at DESC LIMIT @Count {database.SkipLocked}
        """;

    /// <summary>SQL: the first event of the row's queue. The planner finds it by an index in any case.</summary>
    private const string FirstOfQueue = $"""
        (SELECT seq FROM fathom_events AS head WHERE head.user_id = fathom_event_queues.user_id AND {Waiting} ORDER BY seq LIMIT 1)
        """;

    private string LeaseSql => $"""
        UPDATE fathom_event_queues SET lease_owner = @Lease, due_at = {database.Now} + @Duration WHERE user_id {database.AnyOf("Users")}
        RETURNING {FirstOfQueue}
        """;

    private string EmptySql => $"DELETE FROM fathom_event_queues WHERE user_id {database.AnyOf("Users")} AND {FirstOfQueue} IS NULL";

    private string ReadSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq {database.AnyOf("Seqs")}
        """;

    /// <summary>Records results, and leases queues that are due, in one transaction.</summary>
    public async Task<OutboxTurn> RecordAndLeaseAsync(IReadOnlyList<EventResult> results, LeaseLimits limits, CancellationToken cancel)
    {
        if (results.Count == 0 && (limits.Total == 0 || await database.FindAsync(IsDueSql, null, row => row.GetInt64(0), cancel) == 0))
        {
            return new OutboxTurn([], [], []);
        }

        return await database.LockAsync(
            NoLock,
            null,
            async (connection, transaction) =>
            {
                var (rested, postponed) = await RecordAsync(connection, transaction, results);
                var leased = limits.Total == 0 ? [] : await LeaseAsync(connection, transaction, limits);
                return new OutboxTurn(leased, rested, postponed);
            },
            Database.StoreTimeout,
            cancel);
    }

    private async Task<IReadOnlyList<StoredEvent>> LeaseAsync(DbConnection connection, DbTransaction transaction, LeaseLimits limits)
    {
        List<string> due = [];
        if (limits.Untried > 0) due.AddRange(await UsersAsync(UntriedSql, limits.Untried));
        if (limits.Due > 0) due.AddRange(await UsersAsync(DueSql, limits.Due));
        if (due.Count == 0) return [];
        string[] users = [.. due.Distinct()];
        SqlParameters lease = new() { ["Users"] = users, ["Lease"] = Guid.NewGuid(), ["Duration"] = LeaseDuration };
        var leased = await connection.ListAsync<long?>(LeaseSql, lease, row => row.IsDBNull(0) ? null : row.GetInt64(0), transaction);
        long[] seqs = [.. leased.OfType<long>()];
        // A queue without a waiting event, after rows were deleted by hand.
        if (seqs.Length < users.Length) await connection.ExecuteAsync(EmptySql, lease, transaction);
        return seqs.Length == 0 ? [] : await connection.ListAsync(ReadSql, new() { ["Seqs"] = seqs }, StoredEvent.Read, transaction);

        Task<IReadOnlyList<string>> UsersAsync(string sql, int count) =>
            connection.ListAsync(sql, new() { ["Count"] = count }, row => row.GetString(0), transaction);
    }
}

/// <summary>The largest number of queues to lease.</summary>
/// <param name="Due">Of the queues that are due, those that have been due for longest.</param>
/// <param name="Untried">Of the due queues whose first event was never tried, the newest.</param>
internal readonly record struct LeaseLimits(int Due, int Untried = 0)
{
    public int Total => Due + Untried;
}

/// <summary>What one transaction of the outbox has done.</summary>
/// <param name="Leased">The first event of each queue that was leased.</param>
/// <param name="Rested">The failures whose events rest now.</param>
/// <param name="Postponed">Results that are not recorded yet, because another transaction has locked their rows.</param>
internal sealed record OutboxTurn(
    IReadOnlyList<StoredEvent> Leased, IReadOnlyList<EventResult> Rested, IReadOnlyList<EventResult> Postponed);
