using Npgsql;

namespace FathomGateway.Tokens;

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
            hosts.Forget();
        }
        catch (PostgresException gone) when (gone.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // The database was emptied, or an older one put in its place, under a gateway that runs.
            schema.Doubt();
            await schema.EnsureAsync(cancel);
        }
        catch (NpgsqlException broken) when (attempt is { Connection: not null, HasBegun: false } && PostgresFaults.IsBrokenConnection(broken))
        {
            // It was dead in the pool and did not know it. The driver has dropped the others like it.
        }

        attempt.HasBegun = false;
        return await OnceAsync(attempt, work, cancel);
    }

    private async Task<T> OnceAsync<T>(Attempt attempt, Func<Attempt, Task<T>> work, CancellationToken cancel)
    {
        if (!await _connections.WaitAsync(LongestWait, cancel)) throw new ConnectionStoreUnavailableException("All connections to PostgreSQL are in use.");
        try
        {
            attempt.Connection = null;
            (attempt.Host, attempt.Connection) = await hosts.OpenAsync(cancel);
            await using var connection = attempt.Connection;
            return await work(attempt);
        }
        catch (NpgsqlException slow) when (attempt.Connection is not null && PostgresHost.IsSlow(slow))
        {
            attempt.Host!.LeaveAlone();
            throw;
        }
        finally
        {
            _connections.Release();
        }
    }

    private sealed class Attempt
    {
        public PostgresHost? Host { get; set; }

        public NpgsqlConnection? Connection { get; set; }

        /// <summary>Whether something was asked that must not be asked twice.</summary>
        public bool HasBegun { get; set; }
    }
}
