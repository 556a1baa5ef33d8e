using DbUp;
using DbUp.Postgresql;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Migrates PostgreSQL, one replica at a time.</summary>
internal static class PostgresSchema
{
    /// <summary>Any number that no other application takes an advisory lock on; these are the letters "fathom".</summary>
    public const long LockKey = 0x666174686f6d;

    /// <summary>Between two tries at the lock: short against a script, long against the asking.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>How often: for half a minute, in which hundreds of replicas find that nothing is left to do.</summary>
    private const int Tries = 150;

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot be reached, or a script failed.</exception>
    public static void Migrate(NpgsqlDataSource database)
    {
        try
        {
            // Whoever waits holds no connection meanwhile: of a pooler's few, those who wait would leave none to the one who is at work.
            for (var left = Tries; !IsMigrated(database); left--)
            {
                if (left == 0) throw new ConnectionStoreUnavailableException("Another replica has been at the schema for too long.");
                Thread.Sleep(Pause);
            }
        }
        catch (Exception failure) when (PostgresQuestion.IsFault(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL cannot be reached.", failure);
        }
    }

    /// <returns>False while another replica is at it.</returns>
    private static bool IsMigrated(NpgsqlDataSource database)
    {
        // Held by a transaction, not by the session, so that it also works through a pooler that hands sessions around.
        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({LockKey})", connection, transaction);
        if (command.ExecuteScalar() is not true) return false;

        SchemaScripts.Run(
            DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(database)).JournalToPostgresqlTable(null, SchemaScripts.JournalTable).WithTransaction(),
            "Postgres");
        return true;
    }
}
