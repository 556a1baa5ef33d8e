using Dapper;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>How the answer to a command is read whose first statement takes a lock.</summary>
internal static class PostgresResults
{
    /// <summary>The one row of the second result, or null; the first is the lock's. Read to the end, where an error of the commit shows.</summary>
    /// <remarks>Not by Dapper's grid: disposed of after an error, it asks the server to cancel, which must not happen here: see <see cref="PostgresQuestion.AskAsync"/>.</remarks>
    public static async Task<T?> BehindLockAsync<T>(this NpgsqlConnection connection, string sql, object parameters)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters));
        await reader.NextResultAsync(CancellationToken.None);
        var row = await reader.ReadAsync(CancellationToken.None) ? reader.GetRowParser<T>()(reader) : default;
        await reader.NextResultAsync(CancellationToken.None);
        return row;
    }
}
