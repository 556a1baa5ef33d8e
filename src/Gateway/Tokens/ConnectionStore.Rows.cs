using System.Collections.Immutable;
using FathomGateway.Keys;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>What works on all rows: counting, sealing anew, forgetting.</summary>
internal sealed partial class ConnectionStore
{
    /// <summary>Seconds that counting may take: it reads the whole table, and nobody waits for an answer meanwhile.</summary>
    private const int CountTimeout = 120;

    /// <summary>Rows that one statement of a sweep deletes at most, so that none holds its locks for long.</summary>
    private const int MostForgotten = 1000;

    /// <summary>Both databases order user ids by their bytes, and none is empty.</summary>
    private const string PageSql = """
        SELECT user_id AS User, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken
        FROM fathom_connections WHERE user_id > @After ORDER BY user_id LIMIT @Count
        """;

    private readonly string _listSql = ReadSql(database, "user_id > @After ORDER BY user_id LIMIT @Count");

    private const string ResealSql = """
        UPDATE fathom_connections SET access_token = @NewAccess, refresh_token = @NewRefresh
        WHERE user_id = @User AND version = @Version AND access_token = @OldAccess AND refresh_token IS NOT DISTINCT FROM @OldRefresh
        """;

    private readonly string _forgetSql = $"""
        DELETE FROM fathom_disconnects WHERE user_id IN (
            SELECT user_id FROM fathom_disconnects WHERE disconnected_at < {database.Now} - @DisconnectMemory
            LIMIT {MostForgotten} {database.SkipLocked})
        """;

    public Task<long> CountAsync(CancellationToken cancel) => CountAsync("true", null, cancel);

    /// <summary>How many wait for their users to connect again: marked ones, and those that name no key of the ring.</summary>
    public Task<long> CountReconnectRequiredAsync(KeyRing ring, CancellationToken cancel)
    {
        var (sealedWithOther, parameters) = SealedWithOther(ring);
        return CountAsync($"reconnect_reason IS NOT NULL OR {sealedWithOther}", parameters, cancel);
    }

    /// <summary>How many hold a token that is sealed with a key that the ring does not have.</summary>
    public Task<long> CountUnreadableAsync(KeyRing ring, CancellationToken cancel)
    {
        var (sealedWithOther, parameters) = SealedWithOther(ring);
        return CountAsync(sealedWithOther, parameters, cancel);
    }

    /// <summary>How many rows hold ciphertext that does not begin with <paramref name="prefix"/>.</summary>
    public Task<long> CountElsewhereAsync(string prefix, CancellationToken cancel) =>
        CountAsync(
            $"NOT ({Begins("access_token", "Prefix")} AND COALESCE({Begins("refresh_token", "Prefix")}, true))",
            new() { ["Prefix"] = prefix },
            cancel);

    /// <summary>The next rows after a user id, in the order of user ids; <c>""</c> begins.</summary>
    public Task<IReadOnlyList<SealedRow>> PageAsync(string after, int count, CancellationToken cancel) =>
        database.ReadAsync(
            connection => connection.ListAsync(
                PageSql, new() { ["After"] = after, ["Count"] = count }, SealedRow.Read, cancel: cancel),
            Database.StoreTimeout,
            cancel);

    /// <summary>The next connections after a user id, in the order of user ids; <c>""</c> begins.</summary>
    public Task<IReadOnlyList<ConnectionSnapshot>> ListAsync(string after, int count, CancellationToken cancel) =>
        database.ReadInLineAsync(
            connection => connection.ListAsync(
                _listSql, new() { ["After"] = after, ["Count"] = count }, ConnectionSnapshot.Read, cancel: cancel),
            cancel);

    /// <summary>Puts other ciphertext of the same tokens into a row that still holds what was met. It cannot be cancelled.</summary>
    /// <remarks>
    /// The version stays: it counts changes of the tokens, and a caller who says "the token of version 7 was refused" must go on meaning
    /// the same token. A refresh in flight is not disturbed: it saves by grant and version, which stay, and what it saves is sealed afresh.
    /// </remarks>
    /// <returns>False where the row has changed or gone meanwhile: a connect, a refresh or a disconnect was first, and wins.</returns>
    public async Task<bool> ResealAsync(SealedRow met, SealedRow resealed)
    {
        SqlParameters change = new()
        {
            ["User"] = met.User,
            ["Version"] = met.Version,
            ["OldAccess"] = met.AccessToken,
            ["OldRefresh"] = met.RefreshToken,
            ["NewAccess"] = resealed.AccessToken,
            ["NewRefresh"] = resealed.RefreshToken,
        };
        return await database.ExecuteAsync(ResealSql, change, CancellationToken.None) == 1;
    }

    /// <summary>Forgets the disconnects that are older than <see cref="DisconnectMemory"/>, a bounded number at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetDisconnectsAsync(CancellationToken cancel) =>
        await database.ExecuteAsync(_forgetSql, new() { ["DisconnectMemory"] = DisconnectMemory }, cancel) == MostForgotten;

    private Task<long> CountAsync(string condition, SqlParameters? parameters, CancellationToken cancel) => database.ReadAsync(
        async connection =>
        {
            var sql = $"SELECT count(*) FROM fathom_connections WHERE {condition}";
            await using var command = Statements.Command(connection, sql, parameters);
            command.CommandTimeout = CountTimeout;
            return await command.FindAsync(row => row.GetInt64(0), cancel);
        },
        Timeout.InfiniteTimeSpan,
        cancel);

    /// <summary>SQL for rows of which a token names a key that is not in the ring. Whether the others open only the keys tell.</summary>
    private static (string Condition, SqlParameters Parameters) SealedWithOther(KeyRing ring)
    {
        SqlParameters parameters = [];
        var known = ring.Keys.Select((key, i) =>
        {
            parameters[$"Prefix{i}"] = TokenCipher.Prefix(key);
            return $"Prefix{i}";
        }).ToImmutableArray();
        string OfAny(string column) => string.Join(" OR ", known.Select(prefix => Begins(column, prefix)));
        return ($"NOT ({OfAny("access_token")}) OR NOT COALESCE({OfAny("refresh_token")}, true)", parameters);
    }

    private static string Begins(string column, string parameter) => $"substr({column}, 1, length(@{parameter})) = @{parameter}";
}
