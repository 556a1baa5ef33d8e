using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>One question on a connection, and what is worth a second attempt.</summary>
internal sealed partial class PostgresDatabase
{
    private async Task<T> TwiceAsync<T>(Attempt attempt, Func<Attempt, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await OnceAsync(attempt, work, cancel);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            // The pool leads to a former primary, which now reads only. It has written nothing.
            hosts.Reset();
        }
        catch (PostgresException gone) when (gone.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // The database was emptied, or an older one put in its place, under a gateway that runs.
            schema.Doubt();
            await schema.EnsureAsync(cancel);
        }
        catch (NpgsqlException broken) when (attempt is { Session: not null, HasBegun: false } && PostgresFaults.IsBrokenConnection(broken))
        {
            // It was dead in the pool and did not know it. The driver has dropped the others like it.
        }

        attempt.HasBegun = false;
        return await OnceAsync(attempt, work, cancel);
    }

    private async Task<T> OnceAsync<T>(Attempt attempt, Func<Attempt, Task<T>> work, CancellationToken cancel)
    {
        attempt.Session = null;
        await using var session = attempt.Session = await hosts.OpenAsync(cancel);
        try
        {
            return await work(attempt);
        }
        catch (NpgsqlException slow) when (PostgresHost.IsSlow(slow))
        {
            session.Host.MarkUnavailable();
            throw;
        }
    }

    private sealed class Attempt
    {
        /// <summary>Null until there is one.</summary>
        public PostgresSession? Session { get; set; }

        public NpgsqlConnection Connection => Session!.Connection;

        /// <summary>Whether something was asked that must not be asked twice.</summary>
        public bool HasBegun { get; set; }
    }
}

/// <summary>What a failure of the driver means.</summary>
internal static class PostgresFaults
{
    /// <summary>
    /// Whether it is the database that could not serve. Where no socket can be made (no file descriptor is left), the driver lets the
    /// system's own exception through.
    /// </summary>
    public static bool IsOne(Exception failure) => failure is DbException or TimeoutException or SocketException;

    /// <summary>Whether the connection broke, so that another one may serve. One that is slow is no such case.</summary>
    public static bool IsBrokenConnection(NpgsqlException failure) =>
        failure is { IsTransient: true, InnerException: not TimeoutException };
}
