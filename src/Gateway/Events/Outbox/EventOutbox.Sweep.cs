using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>The sweep.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>The last result of an event that is no longer retried because no receiver is configured.</summary>
    public const string NoReceiver = "EVENTS_URL is not set";

    /// <summary>How long a delivered event is kept, and one that is no longer retried.</summary>
    private static readonly TimeSpan DeliveredRetention = TimeSpan.FromDays(1), RestedRetention = TimeSpan.FromDays(30);

    /// <summary>SQL: the start of the three days of attempts. A redelivery starts them again.</summary>
    private const string WaitsSince = "COALESCE(redelivered_at, created_at)";

    /// <summary>SQL: whether a queue is due later than a lease or a pause could have made it, because the clock has gone back.</summary>
    private string IsTooLate => $"due_at > {Moment} + CASE WHEN lease_owner IS NULL THEN @MaxPause ELSE @Duration END";

    /// <summary>
    /// Only the queues that are due last are read, by an index. So a lease that is not found ends no later than the pauses of a thousand
    /// other queues.
    /// </summary>
    internal string TooLateSql => $"""
        SELECT user_id FROM (
            SELECT user_id, due_at, lease_owner FROM fathom_event_queues ORDER BY due_at DESC LIMIT {PeriodicSweep.BatchSize}) AS last
        WHERE {IsTooLate}
        """;

    /// <summary>
    /// A lease gets its full time from now on, because its attempt may still run. A queue that another transaction has locked waits for the
    /// next sweep.
    /// </summary>
    private string AdvanceSql => $"""
        UPDATE fathom_event_queues
        SET due_at = CASE WHEN lease_owner IS NULL THEN {database.Now} ELSE {database.Now} + @Duration END
        WHERE user_id IN (
            SELECT user_id FROM fathom_event_queues WHERE user_id {database.AnyOf("Users")} AND {IsTooLate} {database.SkipLocked})
        """;

    /// <summary>
    /// The condition on <c>created_at</c> is there for the index. An event that another replica is delivering is left to its attempt.
    /// </summary>
    private string EndRetriesSql => $"""
        UPDATE fathom_events SET rested_at = {database.Now}, last_result = '{NoReceiver}' WHERE seq IN (
            SELECT seq FROM fathom_events AS event
            WHERE {Waiting} AND created_at < {Moment} - @Age AND {WaitsSince} < {Moment} - @Age AND NOT EXISTS (
                SELECT 1 FROM fathom_event_queues AS queue
                WHERE queue.user_id = event.user_id AND lease_owner IS NOT NULL AND due_at > {database.Now})
            LIMIT {PeriodicSweep.BatchSize} {database.SkipLocked})
        RETURNING user_id
        """;

    /// <summary>
    /// The first statement waits for transactions that write further events of these users, and the second sees these events.
    /// </summary>
    private string EndQueuesSql => $"""
        UPDATE fathom_event_queues SET due_at = due_at WHERE user_id {database.AnyOf("Users")};
        {EmptySql}
        """;

    /// <summary>
    /// Makes queues due that would stay behind for as long as the database's clock has gone back: those that were leased by a replica that
    /// has ended, and those with a pause.
    /// </summary>
    public async Task AdvanceQueuesAsync(CancellationToken cancel)
    {
        SqlParameters limits = new() { ["MaxPause"] = RetrySchedule.MaxRetryAfter, ["Duration"] = LeaseDuration };
        var users = await database.ReadAsync(
            connection => connection.ListAsync(TooLateSql, limits, row => row.GetString(0), cancel: cancel), Database.StoreTimeout, cancel);
        if (users.Count > 0) await database.ExecuteAsync(AdvanceSql, limits.With("Users", users.ToArray()), cancel);
    }

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
            var users = await connection.ListAsync(EndRetriesSql, new() { ["Age"] = age }, row => row.GetString(0), transaction, cancel);
            SqlParameters rested = new() { ["Users"] = users.Distinct().ToArray() };
            if (users.Count > 0) await connection.ExecuteAsync(EndQueuesSql, rested, transaction, cancel);
            return users.Count == PeriodicSweep.BatchSize;
        },
        Database.StoreTimeout,
        cancel);

    /// <summary>Deletes a bounded number of events that were delivered a day ago, or whose retries ended thirty days ago.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteOldAsync(CancellationToken cancel)
    {
        var delivered = await database.ExecuteAsync(DeleteOldSql("delivered_at"), new() { ["Kept"] = DeliveredRetention }, cancel);
        var rested = await database.ExecuteAsync(DeleteOldSql("rested_at"), new() { ["Kept"] = RestedRetention }, cancel);
        return delivered == PeriodicSweep.BatchSize || rested == PeriodicSweep.BatchSize;
    }

    private string DeleteOldSql(string column) => $"""
        DELETE FROM fathom_events WHERE seq IN (
            SELECT seq FROM fathom_events WHERE {column} < {Moment} - @Kept LIMIT {PeriodicSweep.BatchSize} {database.SkipLocked})
        """;
}
