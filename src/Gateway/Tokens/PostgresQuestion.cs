using System.Data.Common;
using System.Net.Sockets;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>How PostgreSQL is asked: on a connection of the pool, once the schema is there, and with one exception for whatever keeps it from serving.</summary>
internal static class PostgresQuestion
{
    public static async Task<T> AskAsync<T>(this NpgsqlDataSource database, SchemaReadiness schema, Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
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
                // The pool leads to a former primary, which now reads only. It has written nothing, so this can be asked again where a new connection leads to.
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
            // A connection fails on the thread that serves the sockets of all: from here on the exception travels on another.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            throw new ConnectionStoreUnavailableException("PostgreSQL could not serve.", failure);
        }
    }

    /// <summary>Whether it is the database that could not serve. Where no socket can be made (no file descriptor is left), the driver lets the system's own exception through.</summary>
    public static bool IsFault(Exception failure) => failure is DbException or TimeoutException or SocketException;

    private static async Task<T> OnceAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await command(connection);
    }
}
