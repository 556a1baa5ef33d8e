using Dapper;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Token calls of all replicas, in PostgreSQL. Rows live for a minute.</summary>
internal sealed class PostgresTokenCallStore(NpgsqlDataSource database, SchemaReadiness schema) : ITokenCallStore
{
    /// <summary>
    /// One round trip and one implicit transaction, so that it works through a pooler; each statement sees what was committed before it.
    /// The first puts those who ask at once in a line. Times in the future stem from a clock that was set back, and would block for ever.
    /// </summary>
    private const string TakeSql = """
        SELECT 1 FROM fathom_token_pause FOR UPDATE;
        DELETE FROM fathom_token_calls WHERE called_at NOT BETWEEN clock_timestamp() - @Window AND clock_timestamp();
        WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
        closed AS MATERIALIZED (
            SELECT greatest(
                now,
                (SELECT paused_until FROM fathom_token_pause WHERE paused_until <= now + @LongestPause),
                (SELECT called_at + @Window FROM fathom_token_calls ORDER BY called_at DESC OFFSET @Limit - 1 LIMIT 1)) - now AS wait
            FROM clock),
        taken AS (INSERT INTO fathom_token_calls SELECT now FROM clock, closed WHERE wait = interval '0')
        SELECT wait FROM closed WHERE wait > interval '0'
        """;

    private const string CountSql = "INSERT INTO fathom_token_calls VALUES (clock_timestamp())";

    private const string PauseSql = """
        UPDATE fathom_token_pause SET paused_until = greatest(
            clock_timestamp() + @Pause,
            CASE WHEN paused_until <= clock_timestamp() + @LongestPause THEN paused_until END)
        """;

    public Task<TimeSpan?> TakeAsync(int limit, CancellationToken cancel) => AskAsync(
        // The deletion has no result.
        connection => connection.BehindLockAsync<TimeSpan?>(
            new CommandDefinition(TakeSql, new { TokenBudget.Window, TokenBudget.LongestPause, Limit = limit }, cancellationToken: cancel)), cancel);

    public Task CountAsync(CancellationToken cancel) =>
        AskAsync(connection => connection.ExecuteAsync(new CommandDefinition(CountSql, cancellationToken: cancel)), cancel);

    public Task PauseAsync(TimeSpan pause, CancellationToken cancel) => AskAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(PauseSql, new { Pause = pause, TokenBudget.LongestPause }, cancellationToken: cancel)), cancel);

    private Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel) => database.AskAsync(schema, command, cancel);
}
