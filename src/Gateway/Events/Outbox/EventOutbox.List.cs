using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>Lists.</summary>
internal sealed partial class EventOutbox
{
    /// <summary>
    /// Most rows that are read for one page by status. No index has the events of a status in their order. Where most rows have another
    /// status, the page may be short or empty, and another page follows.
    /// </summary>
    private const int MaxRowsRead = 20 * ConnectionList.MaxPageSize;

    internal string ListSql => $"""
        SELECT {_columns} FROM fathom_events AS event LEFT JOIN fathom_event_queues AS queue ON queue.user_id = event.user_id
        WHERE event.seq > @After ORDER BY event.seq LIMIT @Count
        """;

    /// <summary>The next events after one, in the order in which they were written.</summary>
    /// <param name="after">The order of an event; 0 begins.</param>
    public Task<IReadOnlyList<StoredEvent>> ListAsync(long after, int count, CancellationToken cancel) =>
        database.ReadAsync(
            connection => connection.ListAsync(
                ListSql, new() { ["After"] = after, ["Count"] = count }, StoredEvent.Read, cancel: cancel),
            Database.StoreTimeout,
            cancel);

    /// <summary>The next events of a status, in the order in which they were written.</summary>
    /// <param name="status">Such as <see cref="StoredEvent.Rested"/>, or null for all.</param>
    /// <param name="after">The order of an event; 0 begins.</param>
    /// <param name="limit">From 1 to <see cref="ConnectionList.MaxPageSize"/>.</param>
    public async Task<EventListPage> PageAsync(string? status, long after, int limit, CancellationToken cancel)
    {
        List<StoredEvent> page = [];
        StoredEvent? last = null;
        // One more row than requested shows whether there is a next page.
        var size = status is null ? limit + 1 : ConnectionList.MaxPageSize;
        for (var rowsRead = 0; rowsRead < MaxRowsRead; rowsRead += size)
        {
            var rows = await ListAsync(last?.Seq ?? after, size, cancel);
            for (var i = 0; i < rows.Count; i++)
            {
                last = rows[i];
                if (status is null || last.Status == status) page.Add(last);
                if (page.Count == limit) return new EventListPage(page, i < rows.Count - 1 || rows.Count == size ? last : null);
            }

            if (rows.Count < size) return new EventListPage(page, null);
        }

        return new EventListPage(page, last);
    }
}

/// <summary>One page of the outbox.</summary>
/// <param name="Next">The event after which the next page begins; null where there is none.</param>
internal sealed record EventListPage(IReadOnlyList<StoredEvent> Events, StoredEvent? Next);
