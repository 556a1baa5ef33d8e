using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>Lists connections page by page, in the order of user ids.</summary>
internal sealed class ConnectionList(ConnectionStore store, StoredAccessToken stored)
{
    /// <summary>Most connections on a page, and most rows of one query.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>
    /// Most rows that are read for one page, which takes about a second. Where most rows have another status, the page may be short or
    /// empty, and another page follows.
    /// </summary>
    private const int MaxRowsRead = 20 * MaxPageSize;

    /// <param name="status">One of <see cref="ConnectionStatus"/>, or null for all.</param>
    /// <param name="after">The last user id of the page before; <c>""</c> for the first page.</param>
    /// <param name="limit">From 1 to <see cref="MaxPageSize"/>.</param>
    public async Task<ConnectionPage> PageAsync(string? status, string after, int limit, CancellationToken cancel)
    {
        List<ShownConnection> page = [];
        // One more row than requested shows whether there is a next page.
        var size = status is null ? limit + 1 : MaxPageSize;
        for (var rowsRead = 0; rowsRead < MaxRowsRead; rowsRead += size)
        {
            var rows = await store.ListAsync(after, size, cancel);
            for (var i = 0; i < rows.Count; i++)
            {
                after = rows[i].Connection.UserId.Value;
                var listed = ShownConnection.Of(rows[i].Connection, stored.ReconnectOf(rows[i]));
                if (status is null || listed.Status == status) page.Add(listed);
                if (page.Count == limit) return new ConnectionPage(page, i < rows.Count - 1 || rows.Count == size ? after : null);
            }

            if (rows.Count < size) return new ConnectionPage(page, null);
        }

        return new ConnectionPage(page, after);
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
