using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events;

/// <summary>Listing, redelivery and the sweep.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>Most rows that one statement of the sweep deletes, so that it does not hold its locks for long.</summary>
    public const int SweepBatchSize = 1000;

    /// <summary>The last result of an event that is no longer retried because no receiver is configured.</summary>
    public const string NotDelivered = "EVENTS_URL is not set";

    /// <summary>How long a delivered event is kept, and one that is no longer retried.</summary>
    private static readonly TimeSpan DeliveredRetention = TimeSpan.FromDays(1), RestedRetention = TimeSpan.FromDays(30);

    /// <summary>SQL: the start of the three days of attempts. A redelivery starts them again.</summary>
    private const string WaitsSince = "COALESCE(redelivered_at, created_at)";

    internal string ListSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq > @After ORDER BY event.seq LIMIT @Count
        """;

    private readonly string _redeliverSql = $"""
        UPDATE fathom_events SET attempts = 0, redelivered_at = {database.Now}, delivered_at = NULL, rested_at = NULL
        WHERE seq = @Seq AND suffix = @Suffix RETURNING user_id
        """;

    /// <summary>Makes the queue due at once, unless a replica has its lease.</summary>
    private readonly string _requeueSql = $"""
        INSERT INTO fathom_event_queues AS queue (user_id, due_at) VALUES (@UserId, {database.Now})
        ON CONFLICT (user_id) DO UPDATE SET due_at = CASE WHEN queue.lease_owner IS NULL THEN excluded.due_at ELSE queue.due_at END
        """;

    private readonly string _statisticsSql = $"""
        SELECT (SELECT count(*) FROM fathom_events WHERE {Waiting}) AS Waiting,
            (SELECT count(*) FROM fathom_events WHERE rested_at IS NOT NULL) AS Rested,
            (SELECT min({WaitsSince}) FROM fathom_events WHERE {Waiting}) AS Oldest, {database.Now} AS Now
        """;

    /// <summary>The condition on <c>created_at</c> is there for the index.</summary>
    private string EndRetriesSql => $"""
        UPDATE fathom_events SET rested_at = {database.Now}, last_result = '{NotDelivered}' WHERE seq IN (
            SELECT seq FROM fathom_events
            WHERE {Waiting} AND created_at < {Moment} - @Age AND {WaitsSince} < {Moment} - @Age
            LIMIT {SweepBatchSize} {database.SkipLocked})
        RETURNING user_id
        """;

    /// <summary>
    /// The first statement waits for transactions that write further events of these users, and the second sees these events.
    /// </summary>
    private string EndQueuesSql => $"""
        UPDATE fathom_event_queues SET due_at = due_at WHERE user_id {database.AnyOf("Users")};
        {EmptySql}
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
            SqlParameters wanted = new() { ["Seq"] = seq, ["Suffix"] = suffix };
            var userId = await connection.FindAsync(_redeliverSql, wanted, row => row.GetString(0), transaction);
            if (userId is null) return false;
            await connection.ExecuteAsync(_requeueSql, new() { ["UserId"] = userId }, transaction);
            return true;
        },
        Database.StoreTimeout,
        cancel);

    public async Task<OutboxStatistics> ReadStatisticsAsync(CancellationToken cancel) =>
        (await database.FindAsync(_statisticsSql, null, OutboxStatistics.Read, cancel))!;

    /// <summary>
    /// Ends the retries of a bounded number of events that have waited for longer than <paramref name="age"/>. Needed where no receiver is
    /// configured.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public Task<bool> EndRetriesAsync(TimeSpan age, CancellationToken cancel) => database.LockAsync(
        NoLock,
        null,
        async (connection, transaction) =>
        {
            var users = await connection.ListAsync(EndRetriesSql, new() { ["Age"] = age }, row => row.GetString(0), transaction);
            SqlParameters rested = new() { ["Users"] = users.Distinct().ToArray() };
            if (users.Count > 0) await connection.ExecuteAsync(EndQueuesSql, rested, transaction);
            return users.Count == SweepBatchSize;
        },
        Database.StoreTimeout,
        cancel);

    /// <summary>Deletes a bounded number of events that were delivered a day ago, or whose retries ended thirty days ago.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteOldAsync(CancellationToken cancel)
    {
        var delivered = await database.ExecuteAsync(DeleteOldSql("delivered_at"), new() { ["Kept"] = DeliveredRetention }, cancel);
        var rested = await database.ExecuteAsync(DeleteOldSql("rested_at"), new() { ["Kept"] = RestedRetention }, cancel);
        return delivered == SweepBatchSize || rested == SweepBatchSize;
    }

    private string DeleteOldSql(string column) => $"""
        DELETE FROM fathom_events WHERE seq IN (
            SELECT seq FROM fathom_events WHERE {column} < {Moment} - @Kept LIMIT {SweepBatchSize} {database.SkipLocked})
        """;
}

/// <summary>The outbox at one moment of the database's clock.</summary>
internal sealed record OutboxStatistics(long Waiting, long Rested, DateTimeOffset? Oldest, DateTimeOffset Now)
{
    public static OutboxStatistics Read(DbDataReader row) =>
        new(row.GetInt64("Waiting"), row.GetInt64("Rested"), row.GetTimeOrNull("Oldest"), row.GetTime("Now"));
}
