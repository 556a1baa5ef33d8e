using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens.Schema;

/// <summary>Migrates PostgreSQL, one replica at a time.</summary>
internal static class PostgresMigration
{
    /// <summary>Key of the advisory lock: the letters "fathom".</summary>
    public const long LockKey = 0x666174686f6d;

    /// <summary>Pause between two attempts to take the lock: short compared with a script, long compared with the query.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Attempts for half a minute. In this time hundreds of replicas find that nothing is left to do.</summary>
    private const int MaxAttempts = 150;

    /// <summary>
    /// How long a script waits for a table that is in use. Later statements wait behind it, readers of the former release included, so it
    /// gives up soon and is repeated later.
    /// </summary>
    private const string LockTimeout = "2s";

    private static readonly string LockSql =
        $"SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_try_advisory_xact_lock({LockKey})";

    /// <summary>Where row level security hides the journal from the user, no script would seem to have run.</summary>
    private const string HiddenSql = $"SELECT row_security_active(to_regclass('{SchemaScripts.JournalTable}'))";

    /// <summary>
    /// Time limit of one script, such as one that creates an index on millions of rows. The former release reads meanwhile.
    /// </summary>
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromHours(1);

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot be reached, or a script failed.</exception>
    public static async Task MigrateAsync(PostgresHosts hosts)
    {
        try
        {
            // A waiting replica holds no connection: a pooler has few, and the migrating replica needs two.
            for (var left = MaxAttempts; !await TryAsync(hosts); left--)
            {
                if (left == 0) throw new ConnectionStoreUnavailableException("Another replica has been migrating the schema for too long.");
                await Task.Delay(Pause);
            }
        }
        catch (Exception failure) when (PostgresFaults.IsOne(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL cannot be reached.", failure);
        }
    }

    /// <returns>False while another replica migrates.</returns>
    private static async Task<bool> TryAsync(PostgresHosts hosts)
    {
        // The lock belongs to a transaction, not to the session, so that it works through a pooler. The migration library uses another
        // connection.
        await using var session = await hosts.OpenAsync(CancellationToken.None);
        await using var transaction = await session.Connection.BeginTransactionAsync();
        if (!await session.Connection.FindAsync(LockSql, null, row => row.GetBoolean(0), transaction)) return false;
        if (await session.Connection.FindAsync(HiddenSql, null, row => !row.IsDBNull(0) && row.GetBoolean(0), transaction))
        {
            throw new ConnectionStoreUnavailableException(
                $"Row level security hides {SchemaScripts.JournalTable} from the user of DATABASE_URL: "
                    + "use the owner of the tables fathom_*, or make it a member of that role.");
        }

        var engine = DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(session.Host.Pool))
            .JournalToPostgresqlTable(null, SchemaScripts.JournalTable)
            .WithPreprocessor(new Limits())
            .WithExecutionTimeout(ScriptTimeout)
            .WithTransactionPerScript();
        await SchemaScripts.RunAsync(engine, SchemaScripts.PostgresFolder);
        return true;
    }

    private sealed class Limits : IScriptPreprocessor
    {
        public string Process(string contents) => $"SET LOCAL lock_timeout = '{LockTimeout}'; SET LOCAL statement_timeout = 0;\n{contents}";
    }
}
