using System.Data.Common;
using Dapper;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>How rows are read: each has come whole before a column of it is looked at, and the answer is read to its end, where an error of the commit shows.</summary>
/// <remarks>
/// Dapper's own queries ask for columns that come one after the other, and wait for each synchronously; and its grid, disposed of after an error, asks the server
/// to cancel. On the thread that serves the sockets of all, either would wait for itself: see <see cref="PostgresQuestion.AskAsync"/>.
/// </remarks>
internal static class PostgresResults
{
    /// <summary>The one row of the answer, or null.</summary>
    public static Task<T?> RowAsync<T>(this NpgsqlConnection connection, string sql, object parameters) =>
        connection.RowAsync(sql, parameters, reader => reader.GetRowParser<T>()(reader));

    /// <inheritdoc cref="RowAsync{T}(NpgsqlConnection, string, object)"/>
    /// <param name="parse">Makes it of the reader's columns.</param>
    public static async Task<T?> RowAsync<T>(this NpgsqlConnection connection, string sql, object parameters, Func<DbDataReader, T> parse)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters));
        return await reader.OnlyRowAsync(parse);
    }

    /// <summary>The one row of the second result, or null; the first is that of a statement that takes a lock.</summary>
    public static async Task<T?> BehindLockAsync<T>(this NpgsqlConnection connection, string sql, object parameters)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters));
        await reader.NextResultAsync(CancellationToken.None);
        return await reader.OnlyRowAsync(columns => columns.GetRowParser<T>()(columns));
    }

    private static async Task<T?> OnlyRowAsync<T>(this DbDataReader reader, Func<DbDataReader, T> parse)
    {
        var row = await reader.ReadAsync(CancellationToken.None) ? parse(reader) : default;
        await reader.NextResultAsync(CancellationToken.None);
        return row;
    }
}
