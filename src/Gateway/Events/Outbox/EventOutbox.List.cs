using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>Listing and redelivery.</summary>
internal sealed partial class EventOutbox
{
    internal string ListSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq > @After ORDER BY event.seq LIMIT @Count
        """;

    private readonly string _redeliverSql = $"""
        UPDATE fathom_events SET attempts = 0, delivered_at = NULL, rested_at = NULL
        WHERE seq = @Seq AND suffix = @Suffix RETURNING user_id
        """;

    /// <summary>
    /// Makes the queue due at once, unless a replica has its lease. That replica makes it due when it records its attempt: while the queue
    /// is locked, the time of the redelivery is after every lease that has not seen it. A lease that ends later than any could is one from
    /// before the clock went back, perhaps of a replica that has ended.
    /// </summary>
    private readonly string _requeueSql = $"""
        INSERT INTO fathom_event_queues AS queue (user_id, due_at) VALUES (@UserId, {database.Now})
        ON CONFLICT (user_id) DO UPDATE SET due_at = CASE
            WHEN queue.lease_owner IS NULL OR queue.due_at > {database.Now} + @Duration THEN excluded.due_at ELSE queue.due_at END;
        UPDATE fathom_events SET redelivered_at = {database.Now} WHERE seq = @Seq
        """;

    /// <summary>The next events after one, in the order in which they were written.</summary>
    /// <param name="after">The order of an event; 0 begins.</param>
    public Task<IReadOnlyList<StoredEvent>> ListAsync(long after, int count, CancellationToken cancel) =>
        database.ReadAsync(
            connection => connection.ListAsync(
                ListSql, new() { ["After"] = after, ["Count"] = count }, StoredEvent.Read, cancel: cancel),
            Database.StoreTimeout,
            cancel);

    /// <summary>Makes an event due again, at once and with all attempts of a new one.</summary>
    /// <returns>False where there is no event with this id.</returns>
    public Task<bool> RedeliverAsync(long seq, string suffix, CancellationToken cancel) => database.LockAsync(
        NoLock,
        null,
        async (connection, transaction) =>
        {
            SqlParameters wanted = new() { ["Seq"] = seq, ["Suffix"] = suffix, ["Duration"] = LeaseDuration };
            var userId = await connection.FindAsync(_redeliverSql, wanted, row => row.GetString(0), transaction, cancel);
            if (userId is null) return false;
            await connection.ExecuteAsync(_requeueSql, wanted.With("UserId", userId), transaction, cancel);
            return true;
        },
        Database.StoreTimeout,
        cancel);
}
