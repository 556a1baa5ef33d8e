using System.Data.Common;
using System.Net.Sockets;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>How PostgreSQL is asked: on a connection of the pool, once the schema is there, and with one exception for whatever keeps it from serving.</summary>
internal static class PostgresQuestion
{
    /// <param name="command">Gets no token of the caller's to hand to the driver: see <paramref name="cancel"/>.</param>
    /// <param name="cancel">
    /// Ends the caller's wait, and not the command. To cancel a command, the driver asks the server on a connection of its own, synchronously, and may do so on
    /// the thread that serves the sockets of all (see <c>SocketCompletions</c>), which then waits for an answer that only it could receive: for ever.
    /// </param>
    public static async Task<T> AskAsync<T>(this NpgsqlDataSource database, SchemaReadiness schema, Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        return await AskToTheEndAsync(database, schema, command).WaitAsync(cancel);
    }

    private static async Task<T> AskToTheEndAsync<T>(NpgsqlDataSource database, SchemaReadiness schema, Func<NpgsqlConnection, Task<T>> command)
    {
        try
        {
            try
            {
                return await OnceAsync(database, command);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // The pool leads to a former primary, which now reads only. It has written nothing, so this can be asked again where a new connection leads to.
                database.Clear();
                return await OnceAsync(database, command);
            }
            catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // The database was emptied under a gateway that runs.
                schema.Doubt();
                await schema.EnsureAsync(CancellationToken.None);
                return await OnceAsync(database, command);
            }
        }
        catch (Exception failure) when (IsFault(failure))
        {
            // A connection fails on the thread that serves the sockets of all: from here on the exception travels on another.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            throw new ConnectionStoreUnavailableException("PostgreSQL could not serve.", failure);
        }
    }

    /// <summary>Whether it is the database that could not serve. Where no socket can be made (no file descriptor is left), the driver lets the system's own exception through.</summary>
    public static bool IsFault(Exception failure) => failure is DbException or TimeoutException or SocketException;

    private static async Task<T> OnceAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> command)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        return await command(connection);
    }
}
