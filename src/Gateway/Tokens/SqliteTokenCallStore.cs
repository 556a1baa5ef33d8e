using Dapper;
using FathomGateway.Tokens.Schema;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens;

/// <summary>Token calls of a single replica, in its SQLite file, so that a restart forgets none. Rows live for a minute.</summary>
internal sealed class SqliteTokenCallStore(SqliteDatabase database, SchemaReadiness schema) : ITokenCallStore
{
    private const string Now = "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    /// <summary>Times in the future stem from a clock that was set back, and would block for ever.</summary>
    private const string ForgetSql = $"DELETE FROM fathom_token_calls WHERE called_at NOT BETWEEN {Now} - @Window AND {Now}";

    private const string WaitSql = $"""
        SELECT max(
            coalesce((SELECT paused_until FROM fathom_token_pause WHERE paused_until <= {Now} + @LongestPause), 0),
            coalesce((SELECT called_at + @Window FROM fathom_token_calls ORDER BY called_at DESC LIMIT 1 OFFSET @Limit - 1), 0)) - {Now}
        """;

    private const string CountSql = $"INSERT INTO fathom_token_calls VALUES ({Now})";

    private const string PauseSql = $"""
        UPDATE fathom_token_pause SET paused_until = max({Now} + @Pause, CASE WHEN paused_until <= {Now} + @LongestPause THEN paused_until ELSE 0 END)
        """;

    public Task<TimeSpan?> TakeAsync(int limit, CancellationToken cancel) => WriteAsync<TimeSpan?>(
        connection =>
        {
            // Immediate: the write lock is taken first, so that nobody counts what another is about to add to.
            using var transaction = connection.BeginTransaction(deferred: false);
            var parameters = new { Window = Milliseconds(TokenBudget.Window), LongestPause = Milliseconds(TokenBudget.LongestPause), Limit = limit };
            connection.Execute(ForgetSql, parameters, transaction);
            var wait = connection.ExecuteScalar<long>(WaitSql, parameters, transaction);
            if (wait <= 0) connection.Execute(CountSql, transaction: transaction);
            transaction.Commit();
            return wait <= 0 ? null : TimeSpan.FromMilliseconds(wait);
        },
        cancel);

    public Task CountAsync(CancellationToken cancel) => WriteAsync(connection => connection.Execute(CountSql), cancel);

    public Task PauseAsync(TimeSpan pause, CancellationToken cancel) => WriteAsync(
        connection => connection.Execute(PauseSql, new { Pause = Milliseconds(pause), LongestPause = Milliseconds(TokenBudget.LongestPause) }), cancel);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> command, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        return await database.WriteAsync(connection => Task.FromResult(command(connection)), cancel);
    }
}
