using FathomGateway.Keys;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>Work on many rows: counting, listing, re-encrypting, deleting old disconnects.</summary>
internal sealed partial class ConnectionStore
{
    /// <summary>Seconds for a count, which reads the whole table. No user waits for it.</summary>
    private const int CountTimeout = 120;

    /// <summary>Both databases order user ids by bytes, and no user id is empty.</summary>
    private const string PageSql = """
        SELECT user_id AS User, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken
        FROM fathom_connections WHERE user_id > @After ORDER BY user_id LIMIT @Count
        """;

    internal string ListSql { get; } = ReadSql(database, "user_id > @After ORDER BY user_id LIMIT @Count");

    /// <summary>The last of the next rows, and their number.</summary>
    internal const string RangeSql = """
        SELECT max(user_id) AS LastUser, count(*) AS Size
        FROM (SELECT user_id FROM fathom_connections WHERE user_id > @After ORDER BY user_id LIMIT @Count) AS part
        """;

    private const string ResealSql = """
        UPDATE fathom_connections SET access_token = @NewAccess, refresh_token = @NewRefresh
        WHERE user_id = @User AND version = @Version AND access_token = @OldAccess AND refresh_token IS NOT DISTINCT FROM @OldRefresh
        """;

    private readonly string _deleteOldDisconnectsSql = $"""
        DELETE FROM fathom_disconnects WHERE user_id IN (
            SELECT user_id FROM fathom_disconnects WHERE disconnected_at < {database.Now} - @DisconnectRetention
            LIMIT {PeriodicSweep.BatchSize} {database.SkipLocked})
        """;

    public async Task<long> CountAsync(CancellationToken cancel) => (await CountAsync("true", cancel)).All;

    /// <summary>
    /// How many rows there are, and how many users have to connect again: marked rows, and rows that name no key of the ring.
    /// </summary>
    public Task<(long All, long Matching)> CountReconnectRequiredAsync(KeyRing ring, CancellationToken cancel) =>
        CountAsync(HasToReconnect(ring), cancel);

    /// <summary>How many rows there are, and how many hold a token that is encrypted with none of these keys.</summary>
    public Task<(long All, long Matching)> CountSealedWithOtherAsync(IEnumerable<EncryptionKey> keys, CancellationToken cancel) =>
        CountAsync(SealedWithOther(keys), cancel);

    /// <summary>The next rows in the order of user ids, after a user id; <c>""</c> for the first.</summary>
    public Task<IReadOnlyList<SealedRow>> PageAsync(string after, int count, CancellationToken cancel) =>
        database.ReadAsync(
            connection => connection.ListAsync(
                PageSql, new() { ["After"] = after, ["Count"] = count }, SealedRow.Read, cancel: cancel),
            Database.StoreTimeout,
            cancel);

    /// <summary>The next connections in the order of user ids, after a user id; <c>""</c> for the first.</summary>
    public Task<IReadOnlyList<ConnectionSnapshot>> ListAsync(string after, int count, CancellationToken cancel) =>
        database.ReadThrottledAsync(
            connection => connection.ListAsync(
                ListSql, new() { ["After"] = after, ["Count"] = count }, ConnectionSnapshot.Read, cancel: cancel),
            cancel);

    /// <summary>The connections of one status among the next rows, in the order of user ids.</summary>
    /// <remarks>
    /// The range of the rows is looked up first. Without its end, PostgreSQL reads and sorts the whole table for each page of connected
    /// users: it has no statistics of the condition, and expects few of them. A range by user ids does not move when rows come and go
    /// between the two statements.
    /// </remarks>
    /// <param name="status">One of <see cref="ConnectionStatus"/>, as <see cref="CountReconnectRequiredAsync"/> decides it.</param>
    /// <param name="size">How many rows are read, of whatever status.</param>
    /// <param name="count">How many connections are returned at most.</param>
    /// <returns>The connections, and the last user id of the rows; null where no row follows.</returns>
    public Task<(IReadOnlyList<ConnectionSnapshot> Found, string? Last)> ListWithStatusAsync(
        KeyRing ring, string status, string after, int size, int count, CancellationToken cancel) =>
        database.ReadThrottledAsync<(IReadOnlyList<ConnectionSnapshot>, string?)>(
            async connection =>
            {
                SqlParameters range = new() { ["After"] = after, ["Count"] = size };
                var (last, rows) = await connection.FindAsync(
                    RangeSql, range, row => (row.GetStringOrNull(0), row.GetInt64(1)), cancel: cancel);
                if (last is null) return ([], null);
                SqlParameters wanted = new() { ["After"] = after, ["Last"] = last, ["Count"] = count };
                var found = await connection.ListAsync(ListSqlOf(ring, status), wanted, ConnectionSnapshot.Read, cancel: cancel);
                return (found, rows < size ? null : last);
            },
            cancel);

    private string ListSqlOf(KeyRing ring, string status)
    {
        var negation = status == ConnectionStatus.ReconnectRequired ? "" : "NOT ";
        return ReadSql(
            database, $"user_id > @After AND user_id <= @Last AND {negation}({HasToReconnect(ring)}) ORDER BY user_id LIMIT @Count");
    }

    /// <summary>
    /// Replaces the ciphertext of a row by other ciphertext of the same tokens, if the row is unchanged. It cannot be cancelled.
    /// </summary>
    /// <remarks>
    /// The version stays, because it counts changes of the tokens: a caller whose token of version 7 was refused sends this number, and
    /// must still mean the same token. A running refresh saves by grant and version, which stay as well.
    /// </remarks>
    /// <returns>False where the row has changed or is gone: a connect, a refresh or a disconnect was first.</returns>
    public async Task<bool> ResealAsync(SealedRow expected, SealedRow resealed)
    {
        SqlParameters change = new()
        {
            ["User"] = expected.User,
            ["Version"] = expected.Version,
            ["OldAccess"] = expected.AccessToken,
            ["OldRefresh"] = expected.RefreshToken,
            ["NewAccess"] = resealed.AccessToken,
            ["NewRefresh"] = resealed.RefreshToken,
        };
        return await database.ExecuteAsync(ResealSql, change, CancellationToken.None) == 1;
    }

    /// <summary>Deletes a bounded number of disconnects that are older than <see cref="DisconnectRetention"/>.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteOldDisconnectsAsync(CancellationToken cancel) =>
        await database.ExecuteAsync(_deleteOldDisconnectsSql, new() { ["DisconnectRetention"] = DisconnectRetention }, cancel)
            == PeriodicSweep.BatchSize;

    private Task<(long All, long Matching)> CountAsync(string condition, CancellationToken cancel) => database.ReadAsync(
        async connection =>
        {
            await using var command = Statements.Command(
                connection, $"SELECT count(*), count(*) FILTER (WHERE {condition}) FROM fathom_connections", null);
            command.CommandTimeout = CountTimeout;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            return (All: reader.GetInt64(0), Matching: reader.GetInt64(1));
        },
        Timeout.InfiniteTimeSpan,
        cancel);

    /// <summary>SQL: whether the row is marked, or names a key that is not in the ring.</summary>
    private static string HasToReconnect(KeyRing ring) => $"reconnect_reason IS NOT NULL OR {SealedWithOther(ring.Keys)}";

    /// <summary>SQL: whether a token names another key. Key ids hold only letters, digits, - and _, so they need no parameter.</summary>
    private static string SealedWithOther(IEnumerable<EncryptionKey> keys)
    {
        string[] prefixes = [.. keys.Select(TokenCipher.Prefix)];
        string HasOne(string column) =>
            string.Join(" OR ", prefixes.Select(prefix => $"substr({column}, 1, {prefix.Length}) = '{prefix}'"));
        return $"NOT ({HasOne("access_token")}) OR NOT COALESCE({HasOne("refresh_token")}, true)";
    }
}
