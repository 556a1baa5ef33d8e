using FathomGateway.Keys;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>Lists connections page by page, in the order of user ids. A page is full unless it is the last one.</summary>
internal sealed class ConnectionList(ConnectionStore store, StoredAccessToken stored, KeyRing ring, TimeProvider clock)
{
    /// <summary>Most connections on a page.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>
    /// Most rows that the database reads at a time. That takes a tenth of a second from memory, and less than
    /// <see cref="Databases.Database.StoreTimeout"/> where each row comes from an SSD.
    /// </summary>
    private const int MaxRowsRead = 10_000;

    /// <summary>
    /// The first query of a page reads few rows, because most users have the status that is usually asked for. Each further query reads so
    /// many times the rows of the one before.
    /// </summary>
    private const int Growth = 5;

    /// <summary>
    /// Time limit of a page with a status: shorter than the wait of most HTTP clients, and enough for millions of rows. A page that is cut
    /// short instead would look like the last one.
    /// </summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    /// <param name="status">
    /// One of <see cref="ConnectionStatus"/>, or null for all. The database compares it with the mark of a row and with the key that its
    /// tokens name. A row whose token names a key of the ring and does not open is among the connected ones, and is shown as
    /// <see cref="ConnectionStatus.ReconnectRequired"/>.
    /// </param>
    /// <param name="after">The last user id of the page before; <c>""</c> for the first page.</param>
    /// <param name="limit">From 1 to <see cref="MaxPageSize"/>.</param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve, or the time is over.</exception>
    public async Task<ConnectionPage> PageAsync(string? status, string after, int limit, CancellationToken cancel)
    {
        // One more row than requested shows whether there is a next page.
        var rows = status is null
            ? await store.ListAsync(after, limit + 1, cancel)
            : await ReadAsync(status, after, limit + 1, cancel);
        ShownConnection[] page = [.. rows.Take(limit).Select(row => ShownConnection.Of(row.Connection, stored.ReconnectOf(row)))];
        return new ConnectionPage(page, rows.Count > limit ? page[^1].UserId : null);
    }

    private async Task<IReadOnlyList<ConnectionSnapshot>> ReadAsync(string status, string after, int count, CancellationToken cancel)
    {
        List<ConnectionSnapshot> all = [];
        var begun = clock.GetTimestamp();
        for (var size = 2 * count; ; size = Math.Min(Growth * size, MaxRowsRead))
        {
            var (found, last) = await store.ListWithStatusAsync(ring, status, after, size, count - all.Count, cancel);
            all.AddRange(found);
            if (all.Count == count || last is null) return all;
            if (clock.GetElapsedTime(begun) > MaxTime)
            {
                throw new ConnectionStoreUnavailableException("The database did not find a page of connections in time.");
            }

            after = last;
        }
    }
}

/// <summary>One page of the list of connections.</summary>
/// <param name="Next">The user id after which the next page begins; null where there is none.</param>
internal sealed record ConnectionPage(IReadOnlyList<ShownConnection> Connections, string? Next);

/// <summary>A connection as the internal API and the command line show it, without its tokens.</summary>
/// <param name="Status">One of <see cref="ConnectionStatus"/>.</param>
/// <param name="Reason">One of <see cref="ReconnectReason"/>; null where the connection can be used.</param>
internal sealed record ShownConnection(
    string UserId, string Status, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt, string? Scope, long Version, string? Reason)
{
    /// <param name="reconnect">Why the user has to connect again, by the row and the keys; null where the connection can be used.</param>
    public static ShownConnection Of(Connection row, ReconnectRequired? reconnect) => new(
        row.UserId.Value, ConnectionStatus.Of(reconnect), row.ConnectedAt, row.ExpiresAt, row.Scope, row.Version, reconnect?.Reason);
}

/// <summary>The member <c>status</c> of a connection.</summary>
internal static class ConnectionStatus
{
    public const string Connected = "connected";

    /// <summary>The user has to connect again.</summary>
    public const string ReconnectRequired = "reconnect_required";

    public static string Of(ReconnectRequired? reconnect) => reconnect is null ? Connected : ReconnectRequired;
}
