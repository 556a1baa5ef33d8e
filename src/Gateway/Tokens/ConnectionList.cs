using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>Connections page by page, in the order of user ids, so that a million of them take the memory of one page.</summary>
internal sealed class ConnectionList(ConnectionStore store, StoredAccessToken stored)
{
    /// <summary>Most connections on a page, and rows that are read at once.</summary>
    public const int LargestPage = 1000;

    /// <summary>
    /// Rows that one page looks at where most are of another status: a second's work. The page may then be short, or empty, and another
    /// follows it.
    /// </summary>
    private const int MostLookedAt = 20 * LargestPage;

    /// <param name="status">One of <see cref="ConnectionStatus"/>, or null for all.</param>
    /// <param name="after">A user id; <c>""</c> begins.</param>
    /// <param name="limit">From 1 to <see cref="LargestPage"/>.</param>
    public async Task<ConnectionPage> PageAsync(string? status, string after, int limit, CancellationToken cancel)
    {
        List<ShownConnection> page = [];
        // One more than asked for tells whether there is a next page.
        var size = status is null ? limit + 1 : LargestPage;
        for (var lookedAt = 0; lookedAt < MostLookedAt; lookedAt += size)
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

/// <param name="Next">The user id after which the next page begins; null where there is none.</param>
internal sealed record ConnectionPage(IReadOnlyList<ShownConnection> Connections, string? Next);
