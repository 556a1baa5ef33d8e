using DbUp;
using DbUp.Postgresql;
using FathomGateway.Tokens.Schema;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Migrates PostgreSQL, one replica at a time.</summary>
internal static class PostgresSchema
{
    /// <summary>Any number that no other application takes an advisory lock on; these are the letters "fathom".</summary>
    private const long LockKey = 0x666174686f6d;

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot be reached, or a script failed.</exception>
    public static void Migrate(NpgsqlDataSource database, string connectionString)
    {
        try
        {
            // Held by a transaction, not by the session, so that it also works through a pooler that hands sessions around.
            using var connection = database.OpenConnection();
            using var transaction = connection.BeginTransaction();
            using (var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({LockKey})", connection, transaction)) command.ExecuteNonQuery();

            SchemaScripts.Run(
                DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(connectionString)).JournalToPostgresqlTable(null, SchemaScripts.JournalTable).WithTransaction(),
                "Postgres");
        }
        catch (NpgsqlException failure)
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL cannot be reached.", failure);
        }
    }
}
