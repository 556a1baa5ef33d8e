using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>The receiver of events that is gone while 100,000 of them wait.</summary>
internal sealed partial class ProxiedDuringFaultsStage
{
    /// <summary>Events that wait for a receiver that is gone.</summary>
    private const int WaitingEvents = 100_000;

    /// <summary>Tries after which the gateway takes a receiver for gone.</summary>
    private const int EnoughTries = 64;

    /// <summary>Continues until the gateway has detected that the receiver is down: it then tries two events a second.</summary>
    private async Task ReceiverIsGoneAsync()
    {
        _toReceiver.RefuseNew();
        _toReceiver.Reset();
        await PostgresTestDatabase.QueryAsync(_database, $"""
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT lpad(to_hex(i), 8, '0'), 'waits-' || i, 'connection.connected', 1, now() FROM generate_series(1, {WaitingEvents}) AS i;
            INSERT INTO fathom_event_queues (user_id, due_at)
            SELECT user_id, now() FROM fathom_events WHERE user_id LIKE 'waits-%'
            """);
        // Events that wait are measured, not what the database still does for a hundred thousand that have just been written.
        await PostgresTestDatabase.QueryAsync(_database, "VACUUM (ANALYZE) fathom_events, fathom_event_queues");
        await PostgresTestDatabase.QueryAsync(_database, "CHECKPOINT");
        const string Tried = "SELECT count(*) FROM fathom_events WHERE attempts > 0";
        await Eventually.BecomesTrueAsync(
            async () => (long)(await PostgresTestDatabase.QueryAsync(_database, Tried))! > EnoughTries,
            TimeSpan.FromMinutes(1),
            "enough were tried in vain");
    }

    /// <summary>Removes the waiting events: their delivery would last until long after the next turns.</summary>
    private async Task ReceiverIsBackAsync()
    {
        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(
            _database, "SELECT count(*) FROM fathom_events WHERE user_id LIKE 'waits-%' AND delivered_at IS NOT NULL"));
        await PostgresTestDatabase.QueryAsync(_database, "TRUNCATE fathom_events, fathom_event_queues");
        // The turns of other faults begin without the database's work on this one.
        await PostgresTestDatabase.QueryAsync(_database, "CHECKPOINT");
        _toReceiver.AcceptNew();
    }
}
