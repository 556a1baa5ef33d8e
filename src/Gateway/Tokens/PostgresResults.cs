using Dapper;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>How the answer to a command is read whose first statement takes a lock.</summary>
internal static class PostgresResults
{
    /// <summary>The one row of the second result, or null; the first is the lock's. Read to the end, where an error of the commit shows.</summary>
    /// <remarks>Not by Dapper's grid: disposed of after an error, it asks the server to cancel, on a connection of its own, and waits for that on the thread that serves the sockets of all.</remarks>
    public static async Task<T?> BehindLockAsync<T>(this NpgsqlConnection connection, string sql, object parameters, CancellationToken cancel)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters, cancellationToken: cancel));
        await reader.NextResultAsync(cancel);
        var row = await reader.ReadAsync(cancel) ? reader.GetRowParser<T>()(reader) : default;
        await reader.NextResultAsync(cancel);
        return row;
    }
}
