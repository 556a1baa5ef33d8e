using System.Data.Common;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// Runs statements with named parameters and reads rows by a function. It generates no code at run time, so that the native build runs it.
/// </summary>
internal static class Statements
{
    /// <returns>The number of changed rows.</returns>
    public static async Task<int> ExecuteAsync(
        this DbConnection connection, string sql, SqlParameters? parameters = null, DbTransaction? transaction = null,
        CancellationToken cancel = default)
    {
        await using var command = Command(connection, sql, parameters, transaction);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <returns>The first row; the default of <typeparamref name="T"/> where there is none.</returns>
    public static async Task<T?> FindAsync<T>(
        this DbConnection connection, string sql, SqlParameters? parameters, Func<DbDataReader, T> read,
        DbTransaction? transaction = null, CancellationToken cancel = default)
    {
        var rows = await connection.ListAsync(sql, parameters, read, transaction, cancel);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>
    /// As <see cref="FindAsync"/>, by a prepared statement. The connection keeps it, so that the next call only executes it.
    /// </summary>
    public static async Task<T?> FindPreparedAsync<T>(
        this DbConnection connection, string sql, SqlParameters parameters, Func<DbDataReader, T> read, CancellationToken cancel)
    {
        await using var command = Command(connection, sql, parameters);
        await command.PrepareAsync(cancel);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? read(reader) : default;
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this DbConnection connection, string sql, SqlParameters? parameters, Func<DbDataReader, T> read,
        DbTransaction? transaction = null, CancellationToken cancel = default)
    {
        await using var command = Command(connection, sql, parameters, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<T> rows = [];
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        // The driver throws the error of a later statement when its result is read.
        while (await reader.NextResultAsync(cancel))
        {
        }

        return rows;
    }

    /// <returns>A command, to be disposed of.</returns>
    public static DbCommand Command(DbConnection connection, string sql, SqlParameters? parameters, DbTransaction? transaction = null)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in parameters ?? [])
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            DatabaseValues.Write(parameter, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>Parameters by their names without the <c>@</c>. A statement may use some of them.</summary>
internal sealed class SqlParameters : Dictionary<string, object?>
{
    /// <summary>Adds a parameter to these.</summary>
    public SqlParameters With(string name, object? value)
    {
        this[name] = value;
        return this;
    }
}
