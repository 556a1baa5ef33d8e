using System.Data;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>Runs work on a connection, and repeats it once where the first connection was dead or led to the wrong server.</summary>
internal sealed partial class PostgresDatabase
{
    /// <summary>
    /// The time limit is needed because the driver's own limits add up: connect, command, cancel. The server may still execute work that
    /// was given up.
    /// </summary>
    private async Task<T> RunAsync<T>(Func<PostgresSession, Task<T>> work, TimeSpan limit, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        PostgresSession? session = null;
        try
        {
            return await TwiceAsync().WaitAsync(limit, cancel);
        }
        catch (TimeoutException failure)
        {
            session?.Host.MarkUnavailable();
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer in time.", failure);
        }
        catch (Exception failure) when (PostgresFaults.IsOne(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL could not serve.", failure);
        }

        async Task<T> TwiceAsync()
        {
            try
            {
                return await OnceAsync();
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // The pool leads to a former primary, which now reads only. It has written nothing.
                hosts.Reset();
            }
            catch (PostgresException lost) when (lost.SqlState == PostgresErrorCodes.InvalidSqlStatementName)
            {
                session?.Host.Pooler.Assume();
            }
            catch (PostgresException changed) when (changed.SqlState == PostgresErrorCodes.FeatureNotSupported)
            {
                // A release has changed the table, and the plan of a prepared statement returned rows of the former one.
                hosts.Reset();
            }
            catch (PostgresException gone)
                when (gone.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
            {
                // The database was emptied, or replaced by an older one, while the gateway runs.
                schema.Invalidate();
                await schema.EnsureAsync(cancel);
            }
            catch (NpgsqlException broken)
                when (session is { MayRepeat: true } && broken is { IsTransient: true, InnerException: not TimeoutException })
            {
                // The pooled connection was dead, not slow. The driver has dropped the others like it.
            }

            return await OnceAsync();
        }

        async Task<T> OnceAsync()
        {
            session = null;
            await using var current = session = await hosts.OpenAsync(cancel);
            try
            {
                return await work(current);
            }
            catch (NpgsqlException slow) when (PostgresFaults.IsSlow(slow))
            {
                current.Host.MarkUnavailable();
                throw;
            }
            catch (InvalidOperationException ended) when (current.Connection.State != ConnectionState.Open)
            {
                // The driver has noticed between two statements that the server ended the session, which it does with Keepalive.
                throw new NpgsqlException("The session has ended.", ended);
            }
        }
    }
}
