using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>
/// How PostgreSQL is asked: on a connection of the pool, once the schema is there, and with one exception for whatever keeps it from
/// serving.
/// </summary>
internal static class PostgresQuestion
{
    /// <param name="cancel">
    /// Ends the wait for a connection. A command that may be cancelled as well takes the token itself: the driver then asks the server to
    /// stop it. What has been issued is saved without one, whoever goes away.
    /// </param>
    public static async Task<T> AskAsync<T>(
        this NpgsqlDataSource database, SchemaReadiness schema, Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        try
        {
            try
            {
                return await OnceAsync(database, command, cancel);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // The pool leads to a former primary, which now reads only. It has written nothing, so this can be asked again where a new
                // connection leads to.
                database.Clear();
                return await OnceAsync(database, command, cancel);
            }
            catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // The database was emptied under a gateway that runs.
                schema.Doubt();
                await schema.EnsureAsync(cancel);
                return await OnceAsync(database, command, cancel);
            }
        }
        catch (Exception failure) when (IsFault(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL could not serve.", failure);
        }
    }

    /// <summary>The one row of the second result, or null; the first is that of a statement that takes a lock.</summary>
    /// <remarks>
    /// By a reader and not by Dapper's grid, which, disposed of after an error, makes a connection to the server to cancel what has ended.
    /// </remarks>
    public static async Task<T?> BehindLockAsync<T>(this NpgsqlConnection connection, CommandDefinition command)
    {
        await using var reader = await connection.ExecuteReaderAsync(command);
        await reader.NextResultAsync(command.CancellationToken);
        var row = await reader.ReadAsync(command.CancellationToken) ? reader.GetRowParser<T>()(reader) : default;
        // To the end of the answer, where an error of the commit shows.
        await reader.NextResultAsync(command.CancellationToken);
        return row;
    }

    /// <summary>
    /// Whether it is the database that could not serve. Where no socket can be made (no file descriptor is left), the driver lets the
    /// system's own exception through.
    /// </summary>
    public static bool IsFault(Exception failure) => failure is DbException or TimeoutException or SocketException;

    private static async Task<T> OnceAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await command(connection);
    }
}
