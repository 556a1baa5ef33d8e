using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens.Schema;

/// <summary>Migrates PostgreSQL, one replica at a time.</summary>
internal static class PostgresMigration
{
    /// <summary>Any number that no other application takes an advisory lock on; these are the letters "fathom".</summary>
    public const long LockKey = 0x666174686f6d;

    /// <summary>Between two tries at the lock: short against a script, long against the asking.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>How often: for half a minute, in which hundreds of replicas find that nothing is left to do.</summary>
    private const int Tries = 150;

    /// <summary>
    /// How long a script may wait for a table that others use. Whoever comes after it waits behind it, the readers of the former release
    /// among them, so it gives up soon and is tried again later.
    /// </summary>
    private const string LockTimeout = "2s";

    private static readonly string LockSql =
        $"SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_try_advisory_xact_lock({LockKey})";

    /// <summary>To whom the journal is hidden, it would seem that nothing has run yet.</summary>
    private const string HiddenSql = $"SELECT row_security_active(to_regclass('{SchemaScripts.JournalTable}'))";

    /// <summary>How long a script may take: an index on millions of rows takes its time, and the former release reads on.</summary>
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromHours(1);

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot be reached, or a script failed.</exception>
    public static async Task MigrateAsync(PostgresHosts hosts)
    {
        try
        {
            // Whoever waits holds no connection meanwhile: of a pooler's few, those who wait would leave none to the one who is at work.
            for (var left = Tries; !await TryAsync(hosts); left--)
            {
                if (left == 0) throw new ConnectionStoreUnavailableException("Another replica has been at the schema for too long.");
                await Task.Delay(Pause);
            }
        }
        catch (Exception failure) when (PostgresFaults.IsOne(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL cannot be reached.", failure);
        }
    }

    /// <returns>False while another replica is at it.</returns>
    private static async Task<bool> TryAsync(PostgresHosts hosts)
    {
        // Held by a transaction, not by the session, so that it also works through a pooler that hands sessions around. The migration
        // library works on a connection of its own.
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
        await SchemaScripts.RunAsync(engine, "Postgres");
        return true;
    }

    private sealed class Limits : IScriptPreprocessor
    {
        public string Process(string contents) => $"SET LOCAL lock_timeout = '{LockTimeout}'; SET LOCAL statement_timeout = 0;\n{contents}";
    }
}
